using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Data;

/// <summary>Tells the authority who may open which account: what it says counts with the very next request.</summary>
internal static class PortalAccess
{
    private const string Self = "self",
        OfGuardian = "guardian",
        Granted = "granted";

    /// <summary>The account, for us alone. Everything that decides who may open it takes this first.</summary>
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

    /// <summary>What one person asks for and gives, one at a time.</summary>
    public static Task LockPersonAsync(this PatientPortalDbContext db, Guid userId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({userId.ToString()}, 3))", ct);

    /// <summary>The id of a person's own account, if they have one, whoever asks.</summary>
    public static async Task<Guid?> FindOwnAccountAsync(
        this PatientPortalDbContext db,
        Guid userId,
        CancellationToken ct
    ) =>
        (
            await db.Database.SqlQuery<Guid?>($"select authority.own_account_of({userId}) as \"Value\"").ToListAsync(ct)
        ).Single();

    public static Task SyncAccessAsync(this PatientPortalDbContext db, PortalAccount account, CancellationToken ct) =>
        db.WriteAsync(
            account.Id,
            account.UserId!.Value,
            Self,
            null,
            edit: true,
            clinical: true,
            active: true,
            null,
            null,
            null,
            ct
        );

    /// <summary>A guardian of a child by the child's ages; of an adult by the last day that a practice has verified.</summary>
    public static Task SyncAccessAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guardian guardian,
        PortalOptions options,
        CancellationToken ct
    )
    {
        var (endsAt, clinicalEndsAt) = guardian.Ends(account, options);
        return db.WriteAsync(
            account.Id,
            guardian.UserId,
            OfGuardian,
            null,
            edit: true,
            clinical: true,
            active: guardian.EndedAt is null,
            endsAt,
            clinicalEndsAt,
            ByAges(account, options),
            ct
        );
    }

    /// <summary>
    /// As the grant stands. One that was never approved is none, and one that waits for its person has nobody to let in. What
    /// guardians have given reaches no further than they do themselves.
    /// </summary>
    public static async Task SyncAccessAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Grant grant,
        PortalOptions options,
        CancellationToken ct
    )
    {
        if (grant is not { UserId: { } userId, ShownToRequester: true })
            return;
        var (endsAt, clinicalEndsAt) = (Ages.EndOf(grant.EndsOn, account.TimeZone), (DateTimeOffset?)null);
        if (account.IsDependant)
        {
            var guardians = (
                await db.Guardians.Where(guardian => guardian.AccountId == account.Id).ToListAsync(ct)
            ).ConvertAll(guardian => guardian.Ends(account, options));
            var guarded = guardians.Max(ends => ends.EndsAt);
            endsAt = endsAt < guarded ? endsAt : guarded;
            clinicalEndsAt = guardians.Max(ends => ends.ClinicalEndsAt ?? ends.EndsAt);
        }

        await db.WriteAsync(
            account.Id,
            userId,
            Granted,
            grant.Id,
            grant.Role == PortalRole.Edit,
            grant.Level == PortalLevel.Clinical,
            active: grant.Status == GrantStatus.Current,
            endsAt,
            clinicalEndsAt,
            ByAges(account, options),
            ct
        );
    }

    /// <summary>Everybody anew, where what all ends are reckoned by has changed.</summary>
    public static async Task RecalculateAccessAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        PortalOptions options,
        CancellationToken ct
    )
    {
        foreach (var guardian in await db.Guardians.Where(guardian => guardian.AccountId == account.Id).ToListAsync(ct))
            await db.SyncAccessAsync(account, guardian, options, ct);
        foreach (
            var grant in await db
                .Grants.Where(grant => grant.AccountId == account.Id && grant.Status != GrantStatus.Withdrawn)
                .ToListAsync(ct)
        )
            await db.SyncAccessAsync(account, grant, options, ct);
    }

    /// <summary>What the caller may open at this moment, as the authority has it.</summary>
    public static IQueryable<Openable> Openable(this PatientPortalDbContext db, DateTimeOffset now) =>
        db.Database.SqlQuery<Openable>(
            $"select account_id, relation, grant_id, can_edit, clinical, first from authority.openable_accounts({now})"
        );

    /// <summary>By which ages the moments are reckoned. A start with others finds them by it.</summary>
    private static PortalOptions? ByAges(PortalAccount account, PortalOptions options) =>
        account.IsDependant ? options : null;

    private static Task<int> WriteAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid userId,
        string relation,
        Guid? grantId,
        bool edit,
        bool clinical,
        bool active,
        DateTimeOffset? endsAt,
        DateTimeOffset? clinicalEndsAt,
        PortalOptions? by,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"select authority.write_portal_access({accountId}, {userId}, {relation}, {grantId}, {edit}, {clinical}, {active}, {endsAt}, {clinicalEndsAt}, {by?.ClinicalAge}, {by?.AdultAge})",
            ct
        );
}

/// <param name="Relation">As what: <c>self</c>, <c>guardian</c> or <c>granted</c>.</param>
/// <param name="First">Whether it is as this that the account is opened, where it may be as several.</param>
internal sealed record Openable(
    Guid AccountId,
    string Relation,
    Guid? GrantId,
    bool CanEdit,
    bool Clinical,
    bool First
);
