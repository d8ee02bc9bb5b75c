using Practice.Messages;

namespace Practice.Contracts.Groups;

/// <summary>A person has become an active member: added (with an account made for it) or by accepting an invitation.</summary>
public sealed record MemberJoined(Guid GroupId, string GroupName, Guid UserId, bool AccountIsNew)
    : Message,
        IEvent,
        IInGroup;

/// <summary>A member's access has ended, in this group only.</summary>
public sealed record MemberDeactivated(Guid GroupId, string GroupName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>A deactivated member's access is back.</summary>
public sealed record MemberReactivated(Guid GroupId, string GroupName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>A member's access level, settings or owner flag were changed by somebody else.</summary>
public sealed record MemberAccessChanged(Guid GroupId, string GroupName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>An existing person was invited to a group.</summary>
/// <param name="InvitedBy">The inviter's name, as the invitation shows it.</param>
public sealed record UserInvited(
    Guid GroupId,
    string GroupName,
    Guid InvitationId,
    Guid UserId,
    string InvitedBy,
    DateTimeOffset ExpiresAt
) : Message, IEvent, IInGroup;

/// <summary>An invitation is no longer open: answered, withdrawn or fallen.</summary>
/// <param name="Status"><c>accepted</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
public sealed record InvitationClosed(Guid GroupId, Guid InvitationId, Guid UserId, string Status)
    : Message,
        IEvent,
        IInGroup;

/// <summary>The group is called otherwise now; modules that keep a copy follow.</summary>
public sealed record GroupRenamed(Guid GroupId, string Name) : Message, IEvent, IInGroup;

/// <summary>The group with this id.</summary>
public sealed record FindGroup(Guid GroupId) : Message, IQuery<GroupAnswer>, IInGroup;

/// <param name="Group">Null where there is none.</param>
public sealed record GroupAnswer(GroupFacts? Group);

public sealed record GroupFacts(Guid GroupId, string Name);

/// <summary>Which of these people are members of the group, active or not; others are missing from the answer.</summary>
public sealed record FindMembers(Guid GroupId, IReadOnlyList<Guid> UserIds) : Message, IQuery<MembersAnswer>, IInGroup;

public sealed record MembersAnswer(IReadOnlyList<MemberFacts> Members);

/// <param name="Name">With the title.</param>
/// <param name="Practitioner">Whether they see patients.</param>
public sealed record MemberFacts(Guid UserId, string Name, bool Practitioner, bool Active);
