using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Features;

/// <summary>
/// Changes where events are sent and which, and turns the webhook off and on. What waits when it is turned off fails,
/// and can be replayed. Another URL ends a pause, and is sent what waits.
/// </summary>
public sealed record ChangeWebhook(Guid GroupId, Guid WebhookId, IfMatch IfMatch, Body<WebhookChange> Body)
    : Message,
        ICommand<Success>;

internal sealed class ChangeWebhookEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}", Put)
            .RequireOwner()
            .RequireVerified()
            .WithName(nameof(ChangeWebhook))
            .WithTags("Webhooks")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid webhookId,
        IfMatch ifMatch,
        Body<WebhookChange> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeWebhook(groupId, webhookId, ifMatch, body), ct)).ToHttp(Results.NoContent);
}

public static class ChangeWebhookHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeWebhook command,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockWebhookAsync(command.GroupId, command.WebhookId, ct) is not var (webhook, queue))
            return CommonErrors.NotFound;
        if (ETags.Check(command.IfMatch, webhook.Version) is { } stale)
            return stale;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var (input, before, now) = (read.Value, webhook.Url, clock.GetUtcNow());
        var url = WebhookUrl.Normalize(input.Url!.Trim());
        webhook.Change(url, input.Events!.Select(name => name!), work.Caller.Person);
        if (input.Enabled!.Value && !webhook.Enabled)
            webhook.Enable();
        else if (!input.Enabled.Value && webhook.Enabled)
            webhook.Disable(DisabledReason.Owner, now);
        if (!work.HasChanged(webhook))
            return Result.Success;
        work.Audit(
            WebhookAudit.Changed,
            webhook.Id,
            command.GroupId,
            new
            {
                Host = new { From = WebhookUrl.HostOf(before), To = WebhookUrl.HostOf(webhook.Url) },
                webhook.Events,
                webhook.Enabled,
                Changes = work.ChangesOf(webhook).Where(change => change.What is "events" or "enabled"),
            }
        );
        if (!webhook.Enabled)
            await db.DropWaitingAsync(queue, ct);
        if (webhook.Url != before)
            await db.StartAfreshAsync(queue, messages, now, ct);
        return Result.Success;
    }
}
