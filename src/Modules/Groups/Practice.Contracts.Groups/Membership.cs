using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.Groups;

/// <summary>
/// A person has become an active member: they were added, with a new account, or accepted an invitation.
/// </summary>
public sealed record MemberJoined(Guid GroupId, string GroupName, Guid UserId, bool AccountIsNew)
    : Message,
        IEvent,
        IInGroup;

/// <summary>
/// As <see cref="MemberJoined"/>, of many people who were added together, each with a new account.
/// </summary>
public sealed record NewMembersJoined(Guid GroupId, string GroupName, IReadOnlyList<Guid> UserIds)
    : Message,
        IEvent,
        IInGroup;

/// <summary>A member's access to this group has ended.</summary>
/// <param name="Left">Whether they left by themselves.</param>
public sealed record MemberDeactivated(Guid GroupId, string GroupName, Guid UserId, bool Left = false)
    : Message,
        IEvent,
        IInGroup;

/// <summary>A deactivated member has access again.</summary>
public sealed record MemberReactivated(Guid GroupId, string GroupName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>Another person changed a member's access level, settings or owner flag.</summary>
public sealed record MemberAccessChanged(Guid GroupId, string GroupName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>A person with an account was invited to a group.</summary>
/// <param name="InvitedBy">The inviter's name, as the invitation shows it.</param>
public sealed record UserInvited(
    Guid GroupId,
    string GroupName,
    Guid InvitationId,
    Guid UserId,
    string InvitedBy,
    DateTimeOffset ExpiresAt
) : Message, IEvent, IInGroup;

/// <summary>An invitation is no longer open: it was answered or withdrawn.</summary>
public sealed record InvitationClosed(
    Guid GroupId,
    Guid InvitationId,
    Guid UserId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<InvitationOutcome>))] InvitationOutcome Status
) : Message, IEvent, IInGroup;

/// <summary>How an invitation ended. Stored messages hold the names in quotes: they never change.</summary>
public enum InvitationOutcome
{
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    [JsonStringEnumMemberName("rejected")]
    Rejected,

    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}

/// <summary>The group has a new name. Modules with a copy of it update the copy.</summary>
public sealed record GroupRenamed(Guid GroupId, string Name) : Message, IEvent, IInGroup;

/// <summary>The group with this id.</summary>
public sealed record FindGroup(Guid GroupId) : Message, IQuery<GroupAnswer>, IInGroup;

/// <param name="Group">Null if there is none.</param>
public sealed record GroupAnswer(GroupFacts? Group);

public sealed record GroupFacts(Guid GroupId, string Name);

/// <summary>Which of these people are members of the group, active or not. The answer leaves out the others.</summary>
public sealed record FindMembers(Guid GroupId, IReadOnlyList<Guid> UserIds) : Message, IQuery<MembersAnswer>, IInGroup;

public sealed record MembersAnswer(IReadOnlyList<MemberFacts> Members);

/// <param name="Name">Including the title.</param>
/// <param name="Practitioner">Whether the member sees patients.</param>
public sealed record MemberFacts(Guid UserId, string Name, bool Practitioner, bool Active);
