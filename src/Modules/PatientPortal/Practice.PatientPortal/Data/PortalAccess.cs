using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;

namespace Practice.PatientPortal.Data;

/// <summary>Writes who has access to which account for authorization. It counts with the next request.</summary>
internal static class PortalAccess
{
    /// <summary>The id of a person's own account, if they have one. It takes no access to that account.</summary>
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
            PortalRelation.Self,
            null,
            null,
            edit: true,
            clinical: true,
            active: true,
            null,
            null,
            null,
            null,
            ct
        );

    /// <summary>
    /// A guardian's access ends by the child's ages. For an adult, each practice that verified the
    /// guardian opens its own records, up to its last day.
    /// </summary>
    public static async Task SyncAccessAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guardian guardian,
        PortalOptions options,
        CancellationToken ct
    )
    {
        foreach (var verified in guardian.Verified)
            await db.Database.ExecuteSqlAsync(
                $"""
                select authority.write_verified_guardian(
                    {account.Id}, {guardian.UserId}, {verified.GroupId},
                    {guardian.EndedAt ?? verified.EndsAt(options)})
                """,
                ct
            );
        var minor = Guardian.OfMinor(account, options);
        await db.WriteAsync(
            account.Id,
            guardian.UserId,
            PortalRelation.Guardian,
            null,
            null,
            edit: true,
            clinical: true,
            active: guardian.EndedAt is null,
            guardian.EndsAt(account, options),
            minor.ClinicalEndsAt,
            minor.EndsAt,
            ByAges(account, options),
            ct
        );
    }

    /// <summary>
    /// The access of a grant, once it was approved and has a person. What a guardian gave reaches no further than their
    /// own access, and ends when they leave.
    /// </summary>
    public static async Task SyncAccessAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Grant grant,
        PortalOptions options,
        CancellationToken ct
    )
    {
        if (grant is not { UserId: { } userId, VisibleToRequester: true })
            return;
        var (active, endsAt) = (grant.Status == GrantStatus.Current, PortalDays.EndOf(grant.EndsOn, account.TimeZone));
        (DateTimeOffset EndsAt, DateTimeOffset ClinicalEndsAt)? minor = null;
        if (account.IsDependant)
        {
            minor = Guardian.OfMinor(account, options);
            // Who gave it is not known of early grants.
            var guardians = await db
                .Guardians.Where(guardian =>
                    guardian.AccountId == account.Id && (grant.GivenById == null || guardian.UserId == grant.GivenById)
                )
                .ToListAsync(ct);
            var given = guardians.Where(guardian => guardian.EndedAt is null).ToList();
            active = active && given.Count > 0;
            var guarded = given.Max(guardian => (DateTimeOffset?)guardian.EndsAt(account, options));
            endsAt = endsAt < guarded ? endsAt : guarded;
        }

        await db.WriteAsync(
            account.Id,
            userId,
            PortalRelation.Granted,
            grant.Id,
            grant.GivenById,
            grant.Role == PortalRole.Edit,
            grant.Level == PortalLevel.Clinical,
            active,
            endsAt,
            minor?.ClinicalEndsAt,
            minor?.EndsAt,
            ByAges(account, options),
            ct
        );
    }

    /// <summary>
    /// Writes the access of everyone on the account again, after a change to what all end dates depend on.
    /// </summary>
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

    /// <summary>What the caller may open at this moment.</summary>
    public static IQueryable<Openable> Openable(this PatientPortalDbContext db, DateTimeOffset now) =>
        db.Database.SqlQuery<Openable>(
            $"select account_id, relation, grant_id, can_edit, clinical, first from authority.openable_accounts({now})"
        );

    /// <summary>The ages behind the end dates. A start with other ages finds the account by them.</summary>
    private static PortalOptions? ByAges(PortalAccount account, PortalOptions options) =>
        account.IsDependant ? options : null;

    private static Task<int> WriteAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid userId,
        PortalRelation relation,
        Guid? grantId,
        Guid? givenBy,
        bool edit,
        bool clinical,
        bool active,
        DateTimeOffset? endsAt,
        DateTimeOffset? clinicalEndsAt,
        DateTimeOffset? allPracticesUntil,
        PortalOptions? by,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            select authority.write_portal_access(
                {accountId}, {userId}, {relation.ToCode()}, {grantId}, {givenBy}, {edit}, {clinical}, {active},
                {endsAt}, {clinicalEndsAt}, {allPracticesUntil}, {by?.ClinicalAge}, {by?.AdultAge})
            """,
            ct
        );
}

/// <summary>An account that the caller may open, and as what.</summary>
/// <param name="Relation">The code of a <see cref="PortalRelation"/>, as stored.</param>
/// <param name="First">Whether this relation counts, where the caller has several to one account.</param>
internal sealed record Openable(
    Guid AccountId,
    string Relation,
    Guid? GrantId,
    bool CanEdit,
    bool Clinical,
    bool First
);
