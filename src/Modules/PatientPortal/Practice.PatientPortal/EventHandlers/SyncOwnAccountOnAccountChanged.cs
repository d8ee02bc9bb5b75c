using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.EventHandlers;

/// <inheritdoc cref="SyncOwnAccount"/>
public static class SyncOwnAccountOnAccountChangedHandler
{
    public static Task Handle(AccountChanged changed, IModuleBus bus, CancellationToken ct) =>
        bus.SyncAccountAsync(changed.UserId, person => new SyncOwnAccount(person), ct);
}

/// <summary>
/// Updates the name of a person's own portal account, and its copies for those who have access to it. It locks the
/// account, and so has a transaction of its own: one that then locked rows of other accounts could wait for another
/// person's, which waits for this one.
/// </summary>
public sealed record SyncOwnAccount(AccountFacts Person) : Message, ICommand<Success>;

public static class SyncOwnAccountHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        SyncOwnAccount command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindOwnAccountAsync(command.Person.UserId, ct) is not { } own)
            return Result.Success;

        using var inAccount = work.ActInAccount(own);
        var account = (await db.LockAccountAsync(own, ct))!;
        account.Rename(command.Person.FirstName, command.Person.LastName);
        await db
            .Grants.Where(grant => grant.AccountId == own)
            .Where(Grant.IsFollowed(PortalDays.Today(clock.GetUtcNow(), account.TimeZone)))
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.AccountName, account.Name), ct);
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }
}

internal static class AccountSync
{
    /// <summary>
    /// Copies what the person's account says now, not what the event says: events can arrive in another order than the
    /// changes were made. A slow handler could overwrite a newer copy with an older one, so each asks again after its
    /// commit, until the account still says what it wrote.
    /// </summary>
    public static async Task SyncAccountAsync(
        this IModuleBus bus,
        Guid userId,
        Func<AccountFacts, ICommand<Success>> sync,
        CancellationToken ct
    )
    {
        AccountFacts? written = null;
        while ((await bus.QueryAsync(new FindAccount(userId), ct)).Account is { } account && account != written)
        {
            await bus.InvokeAsSystemAsync(sync(account), ct);
            written = account;
        }
    }
}
