using Microsoft.EntityFrameworkCore;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Features;

/// <summary>Has events sent to a URL. The secret that signs them is told once.</summary>
public sealed record CreateWebhook(Guid GroupId, Body<WebhookInput> Body) : Message, ICommand<NewWebhook>;

/// <param name="Secret">What the receiver checks signatures with.</param>
public sealed record NewWebhook(Guid Id, string Secret);

internal sealed class CreateWebhookEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/webhooks", Post)
            .RequireOwner()
            .RequireVerified()
            .WithoutIdempotency()
            .WithName(nameof(CreateWebhook))
            .WithTags("Webhooks")
            .Produces<NewWebhook>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<WebhookInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new CreateWebhook(groupId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/webhooks/{made.Id}", made)
        );
}

public static class CreateWebhookHandler
{
    public static async Task<ErrorOr<NewWebhook>> Handle(
        CreateWebhook command,
        WebhooksDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        await db.LockCountsAsync(command.GroupId, ct);
        if (await db.Webhooks.CountAsync(w => w.GroupId == command.GroupId, ct) >= Webhook.MaxPerGroup)
            return WebhookErrors.TooMany;
        await db.NoteWebhookAsync(command.GroupId, ct);

        var (input, now, secret) = (read.Value, clock.GetUtcNow(), WebhookSecret.New());
        var id = Guid.CreateVersion7(now);
        var webhook = Webhook.Create(
            id,
            command.GroupId,
            WebhookUrl.Normalize(input.Url!.Trim()),
            input.Events!.Select(name => name!),
            keys.Encrypt(WebhookSecret.ContextOf(id), secret),
            work.Caller.Person,
            now
        );
        db.Webhooks.Add(webhook);
        db.Queues.Add(WebhookQueue.Of(webhook));
        work.Audit(
            WebhookAudit.Created,
            id,
            command.GroupId,
            new { Host = WebhookUrl.HostOf(webhook.Url), webhook.Events }
        );
        return new NewWebhook(id, secret);
    }
}
