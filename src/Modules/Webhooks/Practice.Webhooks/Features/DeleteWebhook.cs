using Microsoft.EntityFrameworkCore;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Features;

/// <summary>Deletes a webhook with its deliveries. What waits is not sent.</summary>
public sealed record DeleteWebhook(Guid GroupId, Guid WebhookId) : Message, ICommand<Success>;

internal sealed class DeleteWebhookEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}", Delete)
            .RequireOwner()
            .WithName(nameof(DeleteWebhook))
            .WithTags("Webhooks")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Delete(Guid groupId, Guid webhookId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new DeleteWebhook(groupId, webhookId), ct)).ToHttp(Results.NoContent);
}

public static class DeleteWebhookHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        DeleteWebhook command,
        WebhooksDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (await db.LockWebhookAsync(command.GroupId, command.WebhookId, ct) is not var (webhook, queue))
            return CommonErrors.NotFound;
        await db.Deliveries.Where(delivery => delivery.WebhookId == webhook.Id).ExecuteDeleteAsync(ct);
        db.Queues.Remove(queue);
        db.Webhooks.Remove(webhook);
        work.Audit(WebhookAudit.Deleted, webhook.Id, command.GroupId, new { Host = WebhookUrl.HostOf(webhook.Url) });
        return Result.Success;
    }
}
