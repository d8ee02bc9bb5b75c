using Practice.Messages;

namespace Practice.Contracts.PatientPortal;

/// <summary>Somebody asks the holder of a portal account for access. Told to everybody who may decide: the person, or a dependant's guardians.</summary>
/// <param name="HolderId">Who may decide.</param>
/// <param name="Role"><c>view</c> or <c>edit</c>.</param>
public sealed record PortalAccessRequested(
    Guid AccountId,
    Guid GrantId,
    Guid HolderId,
    string AccountName,
    string RequesterName,
    string RequesterEmail,
    string Role
) : Message, IEvent;

/// <summary>A person may open somebody's portal account from now on.</summary>
public sealed record PortalAccessGranted(
    Guid AccountId,
    Guid GrantId,
    Guid UserId,
    string AccountName,
    string Role,
    string Level
) : Message, IEvent;

/// <summary>A person who had been let into a portal account may open it no more. Denials of who never was are told to nobody.</summary>
public sealed record PortalAccessRevoked(Guid AccountId, Guid GrantId, Guid UserId, string AccountName)
    : Message,
        IEvent;

/// <summary>A holder opened their account to an address that nobody has an account with. It waits there until somebody proves the address.</summary>
public sealed record PortalAccessOffered(Guid AccountId, Guid GrantId, string Email, string AccountName)
    : Message,
        IEvent;

/// <summary>A person is a guardian of a dependant's account now.</summary>
/// <param name="AddedBy">The name of the guardian who added them.</param>
public sealed record GuardianAdded(Guid AccountId, Guid UserId, string DependantName, string AddedBy) : Message, IEvent;

/// <summary>A guardian's access narrows or ends with the dependant's age, or with its last day.</summary>
/// <param name="What"><c>clinicalSuspended</c> or <c>guardianshipEnds</c>.</param>
/// <param name="On">The first day on which it holds.</param>
/// <param name="Days">How many days ahead this is told: 60 or 14, or fewer where it could not be told as early.</param>
public sealed record GuardianshipEnding(
    Guid AccountId,
    Guid UserId,
    string DependantName,
    string What,
    DateOnly On,
    int Days
) : Message, IEvent;

/// <summary>A practice invites a patient, or a patient's guardian, to the portal. The link is made as the mail is sent.</summary>
public sealed record PatientInvited(
    Guid GroupId,
    string PracticeName,
    Guid InvitationId,
    string Email,
    bool ForGuardian
) : Message, IEvent, IInGroup;

/// <summary>Makes the token of a patient invitation's link, at the moment of mailing it: it is stored nowhere but as a hash.</summary>
public sealed record IssuePatientInvitationToken(Guid GroupId, Guid InvitationId)
    : Message,
        ICommand<PatientInvitationToken>,
        IInGroup;

public sealed record PatientInvitationToken(string Token);
