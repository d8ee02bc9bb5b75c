using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;

namespace Practice.PatientPortal.Data;

/// <summary>A person besides its holder who opens an account, by a guardianship or a grant.</summary>
/// <param name="AccessId">The grant's id, or the guardian's: what the practice names to pause it.</param>
/// <param name="Name">As the practice sees it.</param>
/// <param name="NameForHolder">
/// The holder of an account knows only the address of whom they gave access unasked.
/// </param>
/// <param name="Current">Whether it opens the practice's records at this moment.</param>
/// <param name="Relationship">Of a guardian.</param>
/// <param name="EndsOn">The last day of a grant, if it has one.</param>
internal sealed record AccountReader(
    Guid AccessId,
    Guid UserId,
    string Name,
    string NameForHolder,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    DateTimeOffset Since,
    bool Current,
    Relationship? Relationship,
    DateOnly? EndsOn
)
{
    /// <summary>What the person and the holders are told when a practice pauses the access.</summary>
    public IEnumerable<PortalAccessPaused> Paused(PortalAccount account, string practice, IEnumerable<Guid> holders) =>
        holders
            .Append(UserId)
            .Distinct()
            .Select(told => new PortalAccessPaused(
                account.Id,
                told,
                account.Name,
                practice,
                told == UserId ? null : NameForHolder
            ));
}

/// <summary>
/// Who opens an account that a practice's patient is linked to. The system acts in the account meanwhile.
/// </summary>
internal static class AccountReaders
{
    /// <summary>A page of them, by id. Those whose access has ended are among them.</summary>
    public static async Task<List<AccountReader>> FindReadersAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guid groupId,
        PortalOptions options,
        DateTimeOffset now,
        Guid? after,
        int rows,
        CancellationToken ct
    )
    {
        var (first, grants) = (
            after ?? Guid.Empty,
            db.Grants.Where(grant =>
                grant.AccountId == account.Id && grant.Status == GrantStatus.Current && grant.UserId != null
            )
        );
        var guardians = await db
            .Guardians.Where(guardian =>
                guardian.AccountId == account.Id && guardian.EndedAt == null && guardian.UserId > first
            )
            .Select(guardian => guardian.UserId)
            .ToListAsync(ct); // few
        var granted = await grants
            .Where(grant => grant.Id > first)
            .OrderBy(grant => grant.Id)
            .Select(grant => grant.Id)
            .Take(rows)
            .ToListAsync(ct);
        List<Guid> ids = [.. guardians.Concat(granted).Order().Take(rows)];
        return await db.FindReadersAsync(account, groupId, options, now, ids, ct);
    }

    /// <summary>One of them, also after their access has ended.</summary>
    public static async Task<AccountReader?> FindReaderAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guid groupId,
        PortalOptions options,
        DateTimeOffset now,
        Guid accessId,
        CancellationToken ct
    ) => (await db.FindReadersAsync(account, groupId, options, now, [accessId], ct)).SingleOrDefault();

    /// <summary>Some of them, by id.</summary>
    public static async Task<List<AccountReader>> FindReadersAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guid groupId,
        PortalOptions options,
        DateTimeOffset now,
        List<Guid> ids,
        CancellationToken ct
    )
    {
        var guardians = await db
            .Guardians.AsNoTracking()
            .Where(guardian => guardian.AccountId == account.Id)
            .ToListAsync(ct); // few: they also decide what those see whom they gave access
        var grants = await db
            .Grants.AsNoTracking()
            .Where(grant => grant.AccountId == account.Id && ids.Contains(grant.Id) && grant.UserId != null)
            .ToListAsync(ct);
        var today = Ages.Today(now, account.TimeZone);
        var clinical = !account.IsDependant || Guardian.OfMinor(account, options).ClinicalEndsAt > now;
        var opening = guardians
            .Where(guardian => guardian.Opens(groupId, account, options, now))
            .Select(guardian => guardian.UserId)
            .ToHashSet();
        return
        [
            .. guardians
                .Where(guardian => ids.Contains(guardian.UserId))
                .Select(guardian => new AccountReader(
                    guardian.UserId,
                    guardian.UserId,
                    guardian.UserName,
                    guardian.UserName,
                    AccountRelation.Dependant,
                    PortalRole.Edit,
                    LevelOf(clinical || account.IsOfAge(options, now)),
                    guardian.AddedAt,
                    account.IsDependant && opening.Contains(guardian.UserId),
                    guardian.Relationship,
                    null
                ))
                .Concat(
                    grants.Select(grant => new AccountReader(
                        grant.Id,
                        grant.UserId!.Value,
                        grant.UserName,
                        grant.RequestedRole is null ? grant.UserEmail : grant.UserName,
                        AccountRelation.Granted,
                        grant.Role,
                        LevelOf(grant.Level == PortalLevel.Clinical && (clinical || account.IsOfAge(options, now))),
                        grant.ApprovedAt ?? grant.RequestedAt,
                        grant.GivesAccess(today)
                            && (!account.IsDependant || grant.GivenById is not { } by || opening.Contains(by)),
                        null,
                        grant.EndsOn
                    ))
                )
                .OrderBy(reader => reader.AccessId),
        ];

        static PortalLevel LevelOf(bool clinical) => clinical ? PortalLevel.Clinical : PortalLevel.Administrative;
    }

    /// <summary>
    /// Those who hold the account and see the practice's records: they are told what the practice does.
    /// </summary>
    public static async Task<List<Guid>> FindHoldersAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guid groupId,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    ) => account.UserId is { } own ? [own] : await db.FindGuardiansAsync(account, groupId, options, now, ct);

    /// <summary>The guardians who see the practice's records of a dependant, without those it has paused.</summary>
    public static async Task<List<Guid>> FindGuardiansAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Guid groupId,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var guardians = await db
            .Guardians.AsNoTracking()
            .Where(guardian =>
                guardian.AccountId == account.Id
                && guardian.EndedAt == null
                && !db.AccessPauses.Any(pause =>
                    pause.AccountId == account.Id && pause.UserId == guardian.UserId && pause.GroupId == groupId
                )
            )
            .OrderBy(guardian => guardian.UserId)
            .ToListAsync(ct);
        return
        [
            .. guardians
                .Where(guardian => guardian.Opens(groupId, account, options, now))
                .Select(guardian => guardian.UserId),
        ];
    }

    /// <summary>Whether any practice has paused the person in this account. Lock the account first.</summary>
    public static Task<bool> IsPausedAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid userId,
        CancellationToken ct
    ) => db.AccessPauses.AnyAsync(pause => pause.AccountId == accountId && pause.UserId == userId, ct);

    /// <summary>The practices that keep their records of the account from each person for now, by name.</summary>
    public static IQueryable<AccountPause> PausesOf(this PatientPortalDbContext db, Guid accountId) =>
        db
            .AccessPauses.AsNoTracking()
            .Where(pause => pause.AccountId == accountId)
            .Join(
                db.Patients.Where(patient => patient.AccountId == accountId),
                pause => pause.GroupId,
                patient => patient.GroupId,
                (pause, patient) => new { pause.UserId, patient.PracticeName }
            )
            .Distinct()
            .OrderBy(pause => pause.PracticeName)
            .Select(pause => new AccountPause(pause.UserId, pause.PracticeName));

    /// <summary>Has authorization open a practice's rows of the account to the person, or not.</summary>
    public static Task SyncPauseAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid userId,
        Guid groupId,
        bool paused,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"select authority.write_portal_pause({accountId}, {userId}, {groupId}, {paused})",
            ct
        );
}

/// <param name="UserId">The person whose access is paused.</param>
internal sealed record AccountPause(Guid UserId, string PracticeName);
