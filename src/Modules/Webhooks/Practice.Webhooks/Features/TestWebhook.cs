using Microsoft.EntityFrameworkCore;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Features;

/// <summary>Sends <c>webhook.test</c>, whatever events the webhook has. One at a time.</summary>
public sealed record TestWebhook(Guid GroupId, Guid WebhookId) : Message, ICommand<NewResource>;

internal sealed class TestWebhookEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}/test", Post)
            .RequireOwner()
            .WithName(nameof(TestWebhook))
            .WithTags("Webhooks")
            .Produces<NewResource>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid webhookId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new TestWebhook(groupId, webhookId), ct)).ToHttp(made =>
            Results.Accepted($"/api/groups/{groupId}/webhooks/{webhookId}/deliveries", made)
        );
}

public static class TestWebhookHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        TestWebhook command,
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
        if (await db.WaitingFor(webhook.Id).AnyAsync(delivery => delivery.Event == WebhookEvents.Test, ct))
            return WebhookErrors.TestWaiting;
        if (queue.Waiting >= WebhookQueue.MaxWaiting)
            return WebhookErrors.TooManyWaiting;

        var now = clock.GetUtcNow();
        var payload = DeliveryRecording.PayloadOf(WebhookEvents.Test, now, webhook.GroupId, []);
        var delivery = WebhookDelivery.Of(webhook, WebhookEvents.Test, payload, now);
        await db.AddAsync(webhook, queue, delivery, messages, now);
        work.Audit(WebhookAudit.Tested, webhook.Id, command.GroupId);
        return new NewResource(delivery.Id);
    }
}
