using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.PatientPortal;

/// <summary>A person requests access to a portal account.</summary>
/// <param name="HolderId">The holder of the account, who decides.</param>
/// <param name="SenderId">Who requests it; null in messages of earlier versions.</param>
public sealed record PortalAccessRequested(
    Guid AccountId,
    Guid GrantId,
    Guid HolderId,
    string AccountName,
    string RequesterName,
    string RequesterEmail,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PortalRole>))] PortalRole Role,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>A request for access was decided by the holder, or withdrawn.</summary>
/// <param name="HolderId">Null where the request has found no account.</param>
public sealed record PortalAccessRequestClosed(Guid? AccountId, Guid GrantId, Guid? HolderId) : Message, IEvent;

/// <summary>A person now has access to another person's portal account.</summary>
/// <param name="SenderId">Who gave it; null in messages of earlier versions.</param>
public sealed record PortalAccessGranted(
    Guid AccountId,
    Guid GrantId,
    Guid UserId,
    string AccountName,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PortalRole>))] PortalRole Role,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PortalLevel>))] PortalLevel Level,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>
/// A person no longer has access to a portal account. Not raised where they never had it, such as after a denial.
/// </summary>
/// <param name="SenderId">Who had given it; null in messages of earlier versions.</param>
public sealed record PortalAccessRevoked(
    Guid AccountId,
    Guid GrantId,
    Guid UserId,
    string AccountName,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>
/// A grant, or a guardianship, waits until a person confirms the email address, which has no account. Its name is the
/// one that stored messages have.
/// </summary>
/// <param name="GrantId">The grant, or the pending guardianship.</param>
/// <param name="SenderId">Who gave it, or asks; null in messages of earlier versions.</param>
public sealed record PortalAccessOffered(
    Guid AccountId,
    Guid GrantId,
    string Email,
    string AccountName,
    bool ForGuardian = false,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>A guardian asks a person to become one too.</summary>
/// <param name="GuardianshipId">What the person accepts or declines.</param>
/// <param name="AskedBy">The name of the guardian who asks.</param>
/// <param name="SenderId">The guardian who asks; null in messages of earlier versions.</param>
public sealed record GuardianshipRequested(
    Guid GuardianshipId,
    Guid UserId,
    string DependantName,
    string AskedBy,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>A person has become a guardian of a dependant's account. Told to the guardian who asked them.</summary>
/// <param name="UserId">The guardian who asked.</param>
/// <param name="GuardianName">The name of the new guardian.</param>
public sealed record GuardianAdded(
    Guid AccountId,
    Guid UserId,
    string DependantName,
    [property: JsonPropertyName("addedBy")] string GuardianName // its name in stored messages
) : Message, IEvent;

/// <summary>
/// A practice invites a person of age to take over the account that guardians run for them. Told to each guardian.
/// </summary>
/// <param name="UserId">The guardian.</param>
/// <param name="SenderId">The practice; null in messages of earlier versions.</param>
public sealed record TakeoverInvited(
    Guid AccountId,
    Guid UserId,
    string DependantName,
    string PracticeName,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>
/// A practice has ended the link of a patient to a portal account. Told to its holder, or to each guardian.
/// </summary>
/// <param name="UserId">Who is told.</param>
/// <param name="PatientFirstName">The first name that the practice has.</param>
/// <param name="SenderId">The practice; null in messages of earlier versions.</param>
public sealed record PatientUnlinked(
    Guid AccountId,
    Guid UserId,
    string AccountName,
    string PatientFirstName,
    string PracticeName,
    Guid? SenderId = null
) : Message, IEvent;

/// <summary>
/// A practice keeps its records of an account from one person for now. Told to the person, and to the account's holder.
/// </summary>
/// <param name="UserId">Who is told.</param>
/// <param name="Person">Whose access is paused, as the holder knows them; null for the person.</param>
public sealed record PortalAccessPaused(
    Guid AccountId,
    Guid UserId,
    string AccountName,
    string PracticeName,
    string? Person
) : Message, IEvent;

/// <summary>A practice shows its records of an account again. As <see cref="PortalAccessPaused"/>.</summary>
public sealed record PortalAccessResumed(
    Guid AccountId,
    Guid UserId,
    string AccountName,
    string PracticeName,
    string? Person
) : Message, IEvent;

/// <summary>A member made an address under which a calendar program reads their calendar.</summary>
public sealed record CalendarFeedOpened(Guid GroupId, string PracticeName, Guid UserId) : Message, IEvent, IInGroup;

/// <summary>A practice changed the email of a patient. Told to the old address.</summary>
public sealed record PatientEmailChanged(Guid GroupId, string PracticeName, Guid PatientId, string OldEmail)
    : Message,
        IEvent,
        IInGroup;

/// <summary>
/// A guardian's access will be limited or end, because of the dependant's age or the verified last day.
/// </summary>
/// <param name="On">The first day on which it holds.</param>
/// <param name="Days">How many days are left: 60 or 14, or fewer where the warning came late.</param>
public sealed record GuardianshipEnding(
    Guid AccountId,
    Guid UserId,
    string DependantName,
    [property: JsonConverter(typeof(JsonStringEnumConverter<GuardianshipLimit>))] GuardianshipLimit What,
    DateOnly On,
    int Days
) : Message, IEvent;

/// <summary>
/// A practice invites a patient, or a patient's guardian, to the portal. The mail's link is made on sending.
/// </summary>
/// <param name="PatientFirstName">Null in messages that an earlier version stored.</param>
public sealed record PatientInvited(
    Guid GroupId,
    string PracticeName,
    Guid InvitationId,
    string Email,
    bool ForGuardian,
    string? PatientFirstName = null
) : Message, IEvent, IInGroup;

/// <summary>Makes the token for a patient invitation's link, right before mailing. Only its hash is stored.</summary>
public sealed record IssuePatientInvitationToken(Guid GroupId, Guid InvitationId)
    : Message,
        ICommand<PatientInvitationToken>,
        IInGroup;

public sealed record PatientInvitationToken(string Token);

/// <summary>
/// The names of these patients of the group. The module that shows them has made sure that its caller sees all
/// patients, and their names. The answer leaves out ids that are none.
/// </summary>
public sealed record FindPatientNames(Guid GroupId, IReadOnlyList<Guid> PatientIds)
    : Message,
        IQuery<PatientNamesAnswer>,
        IInGroup;

public sealed record PatientNamesAnswer(IReadOnlyList<PatientName> Patients);

public sealed record PatientName(Guid PatientId, string Name);

/// <summary>The appointment that a reminder is about, as it is now: a reminder waits for a mail server.</summary>
/// <param name="RemindedAt">When the reminder was made, as its facts say.</param>
public sealed record FindAppointmentToRemindOf(Guid GroupId, Guid AppointmentId, DateTimeOffset RemindedAt)
    : Message,
        IQuery<AppointmentToRemindOf>,
        IInGroup;

/// <param name="Appointment">
/// Null if the patient is not expected any more, or is there, if another reminder has taken this one's place, or if the
/// practice does not remind any more.
/// </param>
public sealed record AppointmentToRemindOf(AppointmentFacts? Appointment);

/// <summary>
/// Whether this person, or without one the patient's address, is told of the appointment: an email may have waited for
/// a mail server.
/// </summary>
/// <param name="AppointmentId">Or of a declined request for one.</param>
public sealed record CheckAppointmentRecipient(Guid GroupId, Guid AppointmentId, Guid? UserId)
    : Message,
        ICommand<AppointmentRecipient>,
        IInGroup;

/// <param name="Email">The address that the practice has typed; null for a person.</param>
public sealed record AppointmentRecipient(bool IsTold, string? Email = null);

/// <summary>What is still to come with these members: it stays booked when they are deactivated.</summary>
public sealed record FindBookedAppointments(Guid GroupId, IReadOnlyList<Guid> PractitionerIds)
    : Message,
        IQuery<BookedAppointmentsAnswer>,
        IInGroup;

/// <param name="Practitioners">Those with whom something is booked.</param>
public sealed record BookedAppointmentsAnswer(IReadOnlyList<BookedWithPractitioner> Practitioners);

/// <param name="NextTimeZone">The time zone of its location, if it is known.</param>
public sealed record BookedWithPractitioner(
    Guid PractitionerId,
    int Count,
    DateTimeOffset NextStartsAt,
    string? NextTimeZone
);
