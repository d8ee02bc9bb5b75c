using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Locks until the end of the transaction. A handler asks other modules before it takes the first one: no second
/// connection is opened while rows are locked.
/// </summary>
internal static class Locks
{
    /// <summary>The account, locked. Everything that decides who has access to it locks it first.</summary>
    public static Task<PortalAccount?> LockAccountAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        CancellationToken ct
    ) =>
        db
            .Accounts.FromSql($"select *, xmin from portal.accounts where id = {accountId} for update")
            .SingleOrDefaultAsync(ct);

    public static Task<Grant?> LockGrantAsync(this PatientPortalDbContext db, Guid grantId, CancellationToken ct) =>
        db
            .Grants.FromSql($"select *, xmin from portal.grants where id = {grantId} for update")
            .SingleOrDefaultAsync(ct);

    /// <summary>Serializes what one person requests, opens and claims.</summary>
    public static Task LockPersonAsync(this PatientPortalDbContext db, Guid userId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({userId.ToString()}, 3))", ct);

    /// <summary>A patient whom the caller may see, locked for a change.</summary>
    public static Task<Patient?> LockPatientAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Patients.FromSql(
                    $"select *, xmin from portal.patients where group_id = {groupId} and id = {patientId} for update"
                )
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>
    /// A patient whom the caller may see, locked so that records can be added. A claim that links the patient to an
    /// account waits, and then finds the new record. Take it before one of the patient's requests, as a claim does.
    /// </summary>
    public static Task<Patient?> LockPatientForAddingAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Patients.FromSql(
                    $"select *, xmin from portal.patients where group_id = {groupId} and id = {patientId} for share"
                )
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>
    /// Locks the patient's unclaimed invitations, so that inviting, claiming and changing the email happen one after
    /// the other. Take it before the patient's row, as a claim does. The advisory lock is for two first invitations at
    /// once.
    /// </summary>
    public static Task LockInvitationsAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(hashtextextended({patientId.ToString()}, 5));
            select from portal.patient_invitations
            where group_id = {groupId} and patient_id = {patientId} and claimed_at is null for update;
            """,
            ct
        );

    /// <summary>Serializes the invitations of a practice, to count them.</summary>
    public static Task LockInvitationsAsync(this PatientPortalDbContext db, Guid groupId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({groupId.ToString()}, 6))", ct);

    /// <summary>A request that the caller may see, locked: it is answered once.</summary>
    /// <param name="practitioner">Whether the caller is a practitioner.</param>
    public static Task<PortalRequest?> LockRequestAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid requestId,
        bool practitioner,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Requests.FromSql(
                    $"select *, xmin from portal.requests where group_id = {groupId} and id = {requestId} for update"
                ),
                practitioner
            )
            .SingleOrDefaultAsync(ct);
}
