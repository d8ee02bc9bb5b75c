using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Updates the portal's copies of a person's name and email.</summary>
public static class SyncPersonOnAccountChangedHandler
{
    public static async Task Handle(
        AccountChanged changed,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if ((await bus.QueryAsync(new FindAccount(changed.UserId), ct)).Account is not { } person)
            return;
        await RenameOwnAccountAsync(person, db, work, ct);
        await UpdateGrantsAsync(person, db, work, ct);
        await UpdateGuardianshipsAsync(person, db, work, ct);
        await db.AssignPendingGrantsAsync(work, person, options.Value, clock.GetUtcNow(), messages, ct);
    }

    private static async Task RenameOwnAccountAsync(
        AccountFacts person,
        PatientPortalDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (await db.FindOwnAccountAsync(person.UserId, ct) is not { } own)
            return;
        using var inAccount = work.ActInAccount(own);
        var account = (await db.LockAccountAsync(own, ct))!;
        account.Rename(person.FirstName, person.LastName);
        await db
            .Grants.Where(grant => grant.AccountId == own)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.AccountName, account.Name), ct);
        await db.SaveChangesAsync(ct);
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
            .Grants.Where(grant => grant.UserId == person.UserId && grant.AskedEmail != null)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(grant => grant.UserName, NameOf(person))
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
                        set.SetProperty(guardian => guardian.UserName, NameOf(person))
                            .SetProperty(guardian => guardian.UserEmail, person.Email),
                    ct
                );
        }
    }

    private static string NameOf(AccountFacts person) => $"{person.FirstName} {person.LastName}";
}
