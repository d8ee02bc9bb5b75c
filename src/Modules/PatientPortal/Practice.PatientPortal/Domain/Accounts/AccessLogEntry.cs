using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Accounts;

/// <summary>As what a person opened or changed a portal account.</summary>
public enum AccessLogAuthority
{
    Self,
    Guardian,
    Grant,

    /// <summary>Staff of a practice.</summary>
    Staff,
}

/// <summary>What a person opened in a portal account, or did in it.</summary>
public enum AccessLogAction
{
    Profile,
    Patient,
    Appointments,
    AppointmentRequests,
    Invoices,
    ClinicalRecords,
    ClinicalRecord,
    HealthNotes,

    /// <summary>All that came from the portal, in a practice's list.</summary>
    Requests,

    DetailsChanged,
    AppointmentRequested,
    AppointmentCancelled,
    HealthNoteAdded,
}

/// <summary>Who opened what of a portal account, when and as what. The holder reads these entries.</summary>
public sealed class AccessLogEntry
{
    /// <summary>
    /// Actions whose entries alone reveal that there is clinical data. Row-level security hides them from guardians who
    /// may not see clinical data.
    /// </summary>
    internal static readonly AccessLogAction[] ClinicalActions =
    [
        AccessLogAction.ClinicalRecords,
        AccessLogAction.ClinicalRecord,
        AccessLogAction.HealthNotes,
        AccessLogAction.HealthNoteAdded,
    ];

    public required Guid Id { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The practice, if its staff opened the account.</summary>
    public Guid? GroupId { get; init; }

    public string? PracticeName { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Guid UserId { get; init; }
    public required string UserName { get; init; }
    public required AccessLogAuthority Authority { get; init; }
    public Guid? GrantId { get; init; }
    public required AccessLogAction Action { get; init; }

    /// <summary>The single item, if it was one.</summary>
    public Guid? SubjectId { get; init; }

    internal static AccessLogEntry ByPortal(
        PortalAccount account,
        Caller caller,
        string userName,
        AccessLogAction action,
        Guid? subjectId,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            At = now,
            UserId = caller.Person,
            UserName = userName,
            Authority = AuthorityOf(caller.Account.Relation),
            GrantId = caller.Account.GrantId,
            Action = action,
            SubjectId = subjectId,
        };

    internal static AccessLogEntry ByStaff(
        Patient patient,
        Guid accountId,
        Caller caller,
        string userName,
        AccessLogAction action,
        Guid? subjectId,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            GroupId = patient.GroupId,
            PracticeName = patient.PracticeName,
            At = now,
            UserId = caller.Person,
            UserName = userName,
            Authority = AccessLogAuthority.Staff,
            Action = action,
            SubjectId = subjectId,
        };

    internal static AccessLogAuthority AuthorityOf(PortalRelation relation) =>
        relation switch
        {
            PortalRelation.Self => AccessLogAuthority.Self,
            PortalRelation.Guardian => AccessLogAuthority.Guardian,
            PortalRelation.Granted => AccessLogAuthority.Grant,
            _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, "Not a relation to an account."),
        };
}
