using Microsoft.EntityFrameworkCore;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Features;

/// <summary>Sends a delivery again, as it was and with the same <c>webhook-id</c>.</summary>
public sealed record ReplayDelivery(Guid GroupId, Guid WebhookId, Guid DeliveryId) : Message, ICommand<Success>;

internal sealed class ReplayDeliveryEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}/deliveries/{deliveryId:guid}/replay", Post)
            .RequireOwner()
            .WithName(nameof(ReplayDelivery))
            .WithTags("Webhooks")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid webhookId,
        Guid deliveryId,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReplayDelivery(groupId, webhookId, deliveryId), ct)).ToHttp(() => Results.Accepted());
}

public static class ReplayDeliveryHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ReplayDelivery command,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockWebhookAsync(command.GroupId, command.WebhookId, ct) is not var (webhook, queue))
            return CommonErrors.NotFound;
        if (
            await db.Deliveries.SingleOrDefaultAsync(
                one => one.WebhookId == webhook.Id && one.Id == command.DeliveryId,
                ct
            )
            is not { } delivery
        )
            return CommonErrors.NotFound;
        if (!webhook.Enabled)
            return WebhookErrors.TurnedOff;
        if (delivery.Status == DeliveryStatus.Waiting)
            return WebhookErrors.StillWaiting;
        if (queue.Waiting >= WebhookQueue.MaxWaiting)
            return WebhookErrors.TooManyWaiting;

        var now = clock.GetUtcNow();
        delivery.Replay(now);
        queue.Waiting++;
        await messages.SendNowAsync(queue, now);
        work.Audit(WebhookAudit.Replayed, webhook.Id, command.GroupId, new { DeliveryIds = new[] { delivery.Id } });
        return Result.Success;
    }
}
