using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>
/// Updates the name of a person's own portal account, and its copies for those who have access to it. It locks the
/// account, and so has a transaction of its own: one that then locked rows of other accounts could wait for another
/// person's, which waits for this one.
/// </summary>
public static class SyncOwnAccountOnAccountChangedHandler
{
    public static async Task Handle(
        AccountChanged changed,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (
            (await bus.QueryAsync(new FindAccount(changed.UserId), ct)).Account is not { } person
            || await db.FindOwnAccountAsync(person.UserId, ct) is not { } own
        )
            return;

        using var inAccount = work.ActInAccount(own);
        var account = (await db.LockAccountAsync(own, ct))!;
        account.Rename(person.FirstName, person.LastName);
        await db
            .Grants.Where(grant => grant.AccountId == own)
            .Where(Grant.IsFollowed(Ages.Today(clock.GetUtcNow(), account.TimeZone)))
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.AccountName, account.Name), ct);
        await db.SaveChangesAsync(ct);
    }
}
