using Practice.Contracts.Groups;
using Practice.Contracts.Webhooks;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Tells the practice's owners.</summary>
public static class NotifyOnWebhookDisabledHandler
{
    public static async Task Handle(
        WebhookDisabled happened,
        Envelope envelope,
        UsersDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var owners = (await bus.QueryAsync(new FindOwners(happened.GroupId), ct)).UserIds;
        if ((await bus.QueryAsync(new FindGroup(happened.GroupId), ct)).Group is not { } group)
            return;
        await db.NotifyAllAsync(
            owners,
            envelope,
            () => NotificationContent.WebhookDisabled(happened, group.Name),
            clock.GetUtcNow(),
            ct
        );
    }
}
