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

/// <summary>
/// A membership has ended, and an owner wants the webhooks that the person made to end with it: events would go on to
/// their receivers. They end when it is handled. Messages are stored under its name, so the name stays.
/// </summary>
public sealed record WebhooksOfMemberEnded(Guid GroupId, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>A deactivated member has access again.</summary>
public sealed record MemberReactivated(Guid GroupId, string GroupName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>A member's access level, settings or owner flag was changed.</summary>
/// <param name="ChangedBy">The member who did it, perhaps about themselves; null in messages of older versions.</param>
public sealed record MemberAccessChanged(Guid GroupId, string GroupName, Guid UserId, Guid? ChangedBy = null)
    : Message,
        IEvent,
        IInGroup;

/// <summary>As <see cref="MemberAccessChanged"/>, of all members whose access level was changed.</summary>
public sealed record MembersAccessChanged(
    Guid GroupId,
    string GroupName,
    IReadOnlyList<Guid> UserIds,
    Guid? ChangedBy = null
) : Message, IEvent, IInGroup;

/// <summary>
/// The group requires a sign-in with another identity provider than before, or none any more.
/// </summary>
/// <param name="Provider">Its name; null where any sign-in will do now.</param>
/// <param name="Issuer">Without a slash at its end; null where any sign-in will do now.</param>
/// <param name="UserIds">The active members.</param>
public sealed record SignInRuleChanged(
    Guid GroupId,
    string GroupName,
    string? Provider,
    string? Issuer,
    IReadOnlyList<Guid> UserIds
) : Message, IEvent, IInGroup;

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

/// <summary>The invited person has answered an invitation.</summary>
/// <param name="Email">As the practice typed it.</param>
/// <param name="Status">Accepted or rejected.</param>
/// <param name="UserIds">The members who may manage it.</param>
public sealed record InvitationAnswered(
    Guid GroupId,
    string GroupName,
    Guid InvitationId,
    string Email,
    [property: JsonConverter(typeof(JsonStringEnumConverter<InvitationOutcome>))] InvitationOutcome Status,
    IReadOnlyList<Guid> UserIds
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

/// <summary>The group knows an active member by another name, as their account has it now.</summary>
public sealed record MemberRenamed(Guid GroupId, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>The group with this id.</summary>
public sealed record FindGroup(Guid GroupId) : Message, IQuery<GroupAnswer>, IInGroup;

/// <param name="Group">Null if there is none.</param>
public sealed record GroupAnswer(GroupFacts? Group);

/// <param name="SharesRecords">Whether new clinical records are shared with their patients.</param>
/// <param name="Address">May have several lines.</param>
/// <param name="BusinessNumber">The number under which the practice pays tax.</param>
/// <param name="RemindersEnabled">Whether patients are reminded of their appointments.</param>
/// <param name="RemindsByText">Whether by text message, too.</param>
public sealed record GroupFacts(
    Guid GroupId,
    string Name,
    bool SharesRecords,
    string? Address = null,
    string? Phone = null,
    string? BusinessNumber = null,
    bool RemindersEnabled = true,
    int ReminderHoursBefore = 24,
    bool RemindsByText = false
);

/// <summary>The group's settings of appointment reminders have changed.</summary>
public sealed record RemindersChanged(Guid GroupId) : Message, IEvent, IInGroup;

/// <summary>The active owners of the group.</summary>
public sealed record FindOwners(Guid GroupId) : Message, IQuery<OwnersAnswer>, IInGroup;

public sealed record OwnersAnswer(IReadOnlyList<Guid> UserIds);

/// <summary>The active members whose access covers this at this moment.</summary>
/// <param name="Needs">All are required.</param>
/// <param name="Without">Access settings that rule it out, by their names in the API.</param>
/// <param name="LocationIds">Members restricted to locations must work at all of these.</param>
public sealed record FindMembersWhoMay(
    Guid GroupId,
    IReadOnlyList<AccessNeed> Needs,
    IReadOnlyList<string> Without,
    IReadOnlyList<Guid> LocationIds
) : Message, IQuery<MembersWhoMayAnswer>, IInGroup;

/// <param name="Setting">An access setting by its name in the API.</param>
/// <param name="OrThese">People who do not need it: it is about their own.</param>
/// <param name="OnlyPractitioners">Of those only the practitioners.</param>
public sealed record AccessNeed(string Setting, IReadOnlyList<Guid> OrThese, bool OnlyPractitioners = false);

public sealed record MembersWhoMayAnswer(IReadOnlyList<Guid> UserIds);

/// <summary>Which of these people are members of the group, active or not. The answer leaves out the others.</summary>
public sealed record FindMembers(Guid GroupId, IReadOnlyList<Guid> UserIds) : Message, IQuery<MembersAnswer>, IInGroup;

public sealed record MembersAnswer(IReadOnlyList<MemberFacts> Members);

/// <param name="Name">Including the title.</param>
/// <param name="Practitioner">Whether the member sees patients.</param>
/// <param name="LocationIds">Where the member works.</param>
/// <param name="RegistrationNumber">Only practitioners have one.</param>
/// <param name="IsClient">Whether it is an API client of the group, and no person.</param>
public sealed record MemberFacts(
    Guid UserId,
    string Name,
    bool Practitioner,
    bool Active,
    IReadOnlyList<Guid> LocationIds,
    string? RegistrationNumber = null,
    bool IsClient = false
);

/// <summary>Whether a person may set a member's temporary password at this moment.</summary>
/// <param name="SetBy">Who is about to set it.</param>
public sealed record CheckTemporaryPassword(Guid GroupId, Guid UserId, Guid SetBy)
    : Message,
        IQuery<TemporaryPasswordCheck>,
        IInGroup;

public sealed record TemporaryPasswordCheck(bool IsAllowed);
