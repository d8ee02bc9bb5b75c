using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.EventHandlers;

/// <inheritdoc cref="SyncPerson"/>
public static class SyncPersonOnAccountChangedHandler
{
    public static Task Handle(AccountChanged changed, IModuleBus bus, CancellationToken ct) =>
        bus.SyncAccountAsync(changed.UserId, person => new SyncPerson(person), ct);
}

/// <summary>
/// Updates the copies of a person's name and email in the accounts of others, as long as they have access there or ask
/// for it.
/// </summary>
public sealed record SyncPerson(AccountFacts Person) : Message, ICommand<Success>;

public static class SyncPersonHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SyncPerson command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await UpdateGrantsAsync(command.Person, db, work, clock, ct);
        await UpdateGuardianshipsAsync(command.Person, db, work, ct);
        return Result.Success;
    }

    private static async Task UpdateGrantsAsync(
        AccountFacts person,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // The accounts' time zones are out of reach. A last day that is over anywhere counts as over.
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(14));
        using var asPerson = work.ActForPerson(person.UserId);
        await db
            .Grants.Where(grant => grant.UserId == person.UserId && grant.RequestedEmail != null)
            .Where(Grant.IsFollowed(today))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(grant => grant.UserName, person.FullName())
                        .SetProperty(grant => grant.UserEmail, person.Email),
                ct
            );
    }

    private static async Task UpdateGuardianshipsAsync(
        AccountFacts person,
        PatientPortalDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        List<Guid> accounts;
        using (work.ActForPerson(person.UserId))
        {
            accounts = await db
                .Guardians.Where(guardian => guardian.UserId == person.UserId && guardian.EndedAt == null)
                .OrderBy(guardian => guardian.AccountId)
                .Select(guardian => guardian.AccountId)
                .ToListAsync(ct);
        }

        foreach (var accountId in accounts)
        {
            using var inAccount = work.ActInAccount(accountId);
            await db
                .Guardians.Where(guardian => guardian.AccountId == accountId && guardian.UserId == person.UserId)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(guardian => guardian.UserName, person.FullName())
                            .SetProperty(guardian => guardian.UserEmail, person.Email),
                    ct
                );
        }
    }
}
