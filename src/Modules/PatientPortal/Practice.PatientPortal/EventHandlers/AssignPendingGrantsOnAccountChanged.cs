using Microsoft.Extensions.Options;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>
/// Gives a person the access that waits for their new address. It locks other people's accounts, one after the other,
/// and so has a transaction of its own, in which the person's account is not locked.
/// </summary>
public static class AssignPendingGrantsOnAccountChangedHandler
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
        if ((await bus.QueryAsync(new FindAccount(changed.UserId), ct)).Account is { } person)
            await db.AssignPendingGrantsAsync(work, person, options.Value, clock.GetUtcNow(), messages, ct);
    }
}
