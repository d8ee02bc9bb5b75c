using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Features;

/// <summary>
/// Makes a new secret, which is told once. For a day what is sent is signed with both, so that receivers can change
/// over. Another rotation within that day ends the oldest at once. A pause ends, and what waits is sent.
/// </summary>
public sealed record RotateWebhookSecret(Guid GroupId, Guid WebhookId) : Message, ICommand<NewWebhookSecret>;

/// <param name="FormerSecretUntil">How long the former secret still signs.</param>
public sealed record NewWebhookSecret(string Secret, DateTimeOffset FormerSecretUntil);

internal sealed class RotateWebhookSecretEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}/rotate", Post)
            .RequireOwner()
            .RequireVerified()
            .WithoutIdempotency()
            .WithName(nameof(RotateWebhookSecret))
            .WithTags("Webhooks")
            .Produces<NewWebhookSecret>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(Guid groupId, Guid webhookId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RotateWebhookSecret(groupId, webhookId), ct)).ToHttp(Results.Ok);
}

public static class RotateWebhookSecretHandler
{
    public static async Task<ErrorOr<NewWebhookSecret>> Handle(
        RotateWebhookSecret command,
        WebhooksDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockWebhookAsync(command.GroupId, command.WebhookId, ct) is not var (webhook, queue))
            return CommonErrors.NotFound;
        var (secret, now) = (WebhookSecret.New(), clock.GetUtcNow());
        webhook.Rotate(keys.Encrypt(WebhookSecret.ContextOf(webhook.Id), secret), work.Caller.Person, now);
        await db.StartAfreshAsync(queue, messages, now, ct);
        work.Audit(WebhookAudit.SecretRotated, webhook.Id, command.GroupId);
        return new NewWebhookSecret(secret, webhook.FormerSecretUntil!.Value);
    }
}
