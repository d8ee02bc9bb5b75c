using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Updates the copies of a person's name and email in the accounts of others.</summary>
public static class SyncPersonOnAccountChangedHandler
{
    public static async Task Handle(
        AccountChanged changed,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if ((await bus.QueryAsync(new FindAccount(changed.UserId), ct)).Account is not { } person)
            return;
        await UpdateGrantsAsync(person, db, work, ct);
        await UpdateGuardianshipsAsync(person, db, work, ct);
    }

    private static async Task UpdateGrantsAsync(
        AccountFacts person,
        PatientPortalDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        using var asPerson = work.ActForPerson(person.UserId);
        await db
            .Grants.Where(grant => grant.UserId == person.UserId && grant.RequestedEmail != null)
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
                .Guardians.Where(guardian => guardian.UserId == person.UserId)
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
