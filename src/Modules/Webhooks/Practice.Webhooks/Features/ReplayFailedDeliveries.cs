using Microsoft.EntityFrameworkCore;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Features;

/// <summary>Sends again what failed, the newest 1,000, such as after a webhook is turned on again.</summary>
public sealed record ReplayFailedDeliveries(Guid GroupId, Guid WebhookId) : Message, ICommand<ReplayedDeliveries>;

/// <param name="Count">How many are sent again.</param>
public sealed record ReplayedDeliveries(int Count);

internal sealed class ReplayFailedDeliveriesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}/replay", Post)
            .RequireOwner()
            .WithName(nameof(ReplayFailedDeliveries))
            .WithTags("Webhooks")
            .Produces<ReplayedDeliveries>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid webhookId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ReplayFailedDeliveries(groupId, webhookId), ct)).ToHttp(replayed =>
            Results.Accepted($"/api/groups/{groupId}/webhooks/{webhookId}/deliveries", replayed)
        );
}

public static class ReplayFailedDeliveriesHandler
{
    private const int MaxDeliveries = 1_000;

    public static async Task<ErrorOr<ReplayedDeliveries>> Handle(
        ReplayFailedDeliveries command,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockWebhookAsync(command.GroupId, command.WebhookId, ct) is not var (webhook, queue))
            return CommonErrors.NotFound;
        if (!webhook.Enabled)
            return WebhookErrors.TurnedOff;
        if (queue.Waiting >= WebhookQueue.MaxWaiting)
            return WebhookErrors.TooManyWaiting;

        var now = clock.GetUtcNow();
        var failed = await db
            .Deliveries.Where(one => one.WebhookId == webhook.Id && one.Status == DeliveryStatus.Failed)
            .OrderByDescending(one => one.Id)
            .Take(Math.Min(MaxDeliveries, WebhookQueue.MaxWaiting - queue.Waiting))
            .ToListAsync(ct);
        foreach (var delivery in failed)
            delivery.Replay(now);
        if (failed.Count == 0)
            return new ReplayedDeliveries(0);

        queue.Waiting += failed.Count;
        await messages.SendNowAsync(queue, now);
        work.Audit(WebhookAudit.Replayed, webhook.Id, command.GroupId, new { failed.Count });
        return new ReplayedDeliveries(failed.Count);
    }
}
