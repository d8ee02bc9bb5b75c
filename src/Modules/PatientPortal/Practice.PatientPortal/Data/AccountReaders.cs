using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;

namespace Practice.PatientPortal.Data;

/// <summary>A person besides its holder who opens an account, by a guardianship or a grant.</summary>
/// <param name="AccessId">The grant's id, or the guardianship's: what the practice names to pause it.</param>
/// <param name="UserId">Null until a person has confirmed the address.</param>
/// <param name="Name">
/// Null where the person did not request access: practices, and the holder, then know only the address. Nothing that
/// they see tells whether it has an account.
/// </param>
/// <param name="Email">The address, where there is no name.</param>
/// <param name="Current">Whether it opens the practice's records at this moment.</param>
/// <param name="Relationship">Of a guardian.</param>
/// <param name="EndsOn">The last day of a grant, if it has one.</param>
internal sealed record AccountReader(
    Guid AccessId,
    Guid? UserId,
    string? Name,
    string? Email,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    DateTimeOffset Since,
    bool Current,
    Relationship? Relationship,
    DateOnly? EndsOn
)
{
    public string NameOrEmail => Name ?? Email!;

    /// <summary>What names the person in the pauses of practices: the address, or the person.</summary>
    public PausedPerson Paused => PausedPerson.Of(UserId, Email is null ? null : EmailAddress.Normalize(Email));

    /// <summary>What the person and the holders are told when a practice pauses the access.</summary>
    public IEnumerable<PortalAccessPaused> TellPaused(
        PortalAccount account,
        string practice,
        IEnumerable<Guid> holders
    ) =>
        holders
            .Union(UserId is { } person ? [person] : [])
            .Select(told => new PortalAccessPaused(
                account.Id,
                told,
                account.Name,
                practice,
                told == UserId ? null : NameOrEmail
            ));
}

/// <summary>
/// Whom a practice pauses, as it knows them: an address, or else a person. A person whom it knows by name is paused by
/// each of their pauses; an address by its own alone, so that pauses of people do not tell whose it is.
/// </summary>
internal readonly record struct PausedPerson(Guid? UserId, string? Address)
{
    public static PausedPerson Of(Guid? userId, string? address) => new(address is null ? userId : null, address);

    public bool IsIn(AccessPause pause) => IsIn(pause.UserId, pause.Email);

    public bool IsIn(Guid? userId, string? address) => Address is null ? UserId == userId : Address == address;
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
            db.Grants.Where(grant => grant.AccountId == account.Id && grant.Status == GrantStatus.Current)
        );
        var guardians = await db
            .Guardians.Where(guardian =>
                guardian.AccountId == account.Id && guardian.EndedAt == null && guardian.Id > first
            )
            .Select(guardian => guardian.Id)
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
            .Where(grant => grant.AccountId == account.Id && ids.Contains(grant.Id))
            .ToListAsync(ct);
        var today = PortalDays.Today(now, account.TimeZone);
        var clinical = !account.IsDependant || Guardian.OfMinor(account, options).ClinicalEndsAt > now;
        var opening = guardians
            .Where(guardian => guardian.Opens(groupId, account, options, now))
            .Select(guardian => guardian.UserId)
            .ToHashSet();
        return
        [
            .. guardians
                .Where(guardian => ids.Contains(guardian.Id))
                .Select(guardian => new AccountReader(
                    guardian.Id,
                    guardian.UserId,
                    guardian.UserName,
                    null,
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
                        grant.UserId,
                        grant.NameForOthers,
                        grant.NameForOthers is null ? grant.UserEmail : null,
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

    /// <summary>
    /// Whether any practice that is linked to this account has paused the person. Lock the account first. One that has
    /// unlinked it hides nothing, and nobody would see why it says no.
    /// </summary>
    public static async Task<bool> IsPausedAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        Guid accountId,
        Guid userId,
        CancellationToken ct
    )
    {
        using var inAccount = work.ActInAccount(accountId); // whom it pauses sees no patient of the practice
        return await db.AccessPauses.AnyAsync(
            pause =>
                pause.AccountId == accountId
                && pause.UserId == userId
                && db.Patients.Any(patient => patient.AccountId == accountId && patient.GroupId == pause.GroupId),
            ct
        );
    }

    /// <summary>The practices that keep their records of the account from each person for now, by name.</summary>
    public static IQueryable<AccountPause> PausesOf(this PatientPortalDbContext db, Guid accountId) =>
        db
            .AccessPauses.AsNoTracking()
            .Where(pause => pause.AccountId == accountId)
            .Join(
                db.Patients.Where(patient => patient.AccountId == accountId),
                pause => pause.GroupId,
                patient => patient.GroupId,
                (pause, patient) =>
                    new
                    {
                        pause.UserId,
                        pause.Email,
                        patient.PracticeName,
                    }
            )
            .Distinct()
            .OrderBy(pause => pause.PracticeName)
            .Select(pause => new AccountPause(pause.UserId, pause.Email, pause.PracticeName));

    /// <summary>The practices that keep their records from this person for now, by name.</summary>
    public static List<string> PracticesOf(this IEnumerable<AccountPause> pauses, PausedPerson person) =>
        [
            .. pauses
                .Where(pause => person.IsIn(pause.UserId, pause.Email))
                .Select(pause => pause.PracticeName)
                .Distinct()
                .Order(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>What a practice has paused of an account.</summary>
    public static Task<List<AccessPause>> FindPausesAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid groupId,
        CancellationToken ct
    ) =>
        db
            .AccessPauses.Where(pause => pause.AccountId == accountId && pause.GroupId == groupId)
            .OrderBy(pause => pause.Id)
            .ToListAsync(ct);

    /// <summary>
    /// An address that practices have paused turns out to be this person's: it counts for them from now on. Lock the
    /// account first.
    /// </summary>
    /// <param name="messages">Null where the person is told otherwise.</param>
    public static async Task AssignPausesAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        string address,
        Guid userId,
        UnitOfWork work,
        DateTimeOffset now,
        IMessageContext? messages,
        CancellationToken ct
    )
    {
        var practices = await db
            .AccessPauses.Where(pause => pause.AccountId == account.Id && pause.Email == address)
            .Select(pause => pause.GroupId)
            .Distinct()
            .ToListAsync(ct);
        foreach (var groupId in practices)
        {
            using var inPractice = work.ActAsSystemIn(groupId); // a pause is the practice's row
            var pauses = await db.FindPausesAsync(account.Id, groupId, ct);
            var known = pauses.Exists(pause => pause.UserId == userId);
            var ofAddress = pauses.FindAll(pause => pause.Email == address);
            if (!ofAddress.Exists(pause => pause.UserId == userId) && ofAddress[0].AssignTo(userId, now) is { } another)
                db.AccessPauses.Add(another);
            await db.SaveChangesAsync(ct);
            if (known)
                continue; // paused and told before
            await db.SyncPauseAsync(account.Id, userId, groupId, paused: true, ct);
            var linked = await db
                .Patients.Where(patient => patient.AccountId == account.Id && patient.GroupId == groupId)
                .Select(patient => patient.PracticeName)
                .FirstOrDefaultAsync(ct);
            if (linked is { } practice && messages is not null) // without a link it hides nothing so far
                await messages.PublishAsync(new PortalAccessPaused(account.Id, userId, account.Name, practice, null));
        }
    }

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

/// <inheritdoc cref="AccessPause"/>
internal sealed record AccountPause(Guid? UserId, string? Email, string PracticeName);
