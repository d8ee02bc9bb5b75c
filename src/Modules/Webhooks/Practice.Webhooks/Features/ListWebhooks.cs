using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Features;

/// <param name="DisabledReason">Null while it sends.</param>
/// <param name="FormerSecretUntil">Until then what is sent is signed with the former secret too.</param>
/// <param name="PausedUntil">
/// Until then nothing is sent, since the receiver failed again and again; null while it is not paused.
/// </param>
/// <param name="Waiting">How many deliveries wait to be sent.</param>
/// <param name="CreatedBy">
/// Who made it, or was the last to change its URL or its secret, a former member too; null of one that an earlier
/// version made.
/// </param>
internal sealed record WebhookView(
    Guid Id,
    string Url,
    IReadOnlyList<string> Events,
    bool Enabled,
    DisabledReason? DisabledReason,
    DateTimeOffset? DisabledAt,
    DateTimeOffset? FormerSecretUntil,
    DateTimeOffset? PausedUntil,
    int Waiting,
    DateTimeOffset? LastSuccessAt,
    DateTimeOffset CreatedAt,
    WebhookMaker? CreatedBy
)
{
    public static WebhookView Of(
        Webhook webhook,
        WebhookQueue queue,
        IEnumerable<MemberFacts> members,
        DateTimeOffset now
    ) =>
        new(
            webhook.Id,
            webhook.Url,
            webhook.Events,
            webhook.Enabled,
            webhook.DisabledReason,
            webhook.DisabledAt,
            webhook.FormerSecretUntil,
            queue.IsPaused(now) ? queue.PausedUntil : null,
            queue.Waiting,
            queue.LastSuccessAt,
            webhook.CreatedAt,
            members
                .Where(member => member.UserId == webhook.CreatedById)
                .Select(member => new WebhookMaker(member.UserId, member.Name))
                .SingleOrDefault()
        );
}

internal sealed record WebhookMaker(Guid UserId, string Name);

/// <summary>The practice's webhooks, the oldest first. Secrets are never shown again.</summary>
internal sealed class ListWebhooksEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/groups/{groupId:guid}/webhooks", Get)
            .RequireOwner(changes: false)
            .WithName("ListWebhooks")
            .WithSummary("The practice's webhooks, the oldest first")
            .WithTags("Webhooks")
            .Produces<Page<WebhookView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}", GetOne)
            .RequireOwner(changes: false)
            .WithName("ReadWebhook")
            .WithSummary("One webhook")
            .WithTags("Webhooks")
            .Produces<WebhookView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        Paging paging,
        WebhooksDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);
        var webhooks = db.Webhooks.AsNoTracking().Where(webhook => webhook.GroupId == groupId);
        if (after.Value is { } last)
            webhooks = webhooks.Where(webhook => webhook.Id > last);
        var rows = await webhooks
            .Join(
                db.Queues.AsNoTracking(),
                webhook => webhook.Id,
                queue => queue.WebhookId,
                (webhook, queue) => new { Webhook = webhook, Queue = queue }
            )
            .OrderBy(row => row.Webhook.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        var now = clock.GetUtcNow();
        var members = await FindMakersAsync(bus, groupId, rows.Select(row => row.Webhook), ct);
        return Results.Ok(
            paging.Page(rows, row => WebhookView.Of(row.Webhook, row.Queue, members, now), row => [row.Webhook.Id])
        );
    }

    private static async Task<IResult> GetOne(
        Guid groupId,
        Guid webhookId,
        WebhooksDbContext db,
        IModuleBus bus,
        HttpContext http,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        await db
            .Webhooks.AsNoTracking()
            .Where(webhook => webhook.GroupId == groupId && webhook.Id == webhookId)
            .Join(
                db.Queues.AsNoTracking(),
                webhook => webhook.Id,
                queue => queue.WebhookId,
                (webhook, queue) => new { Webhook = webhook, Queue = queue }
            )
            .SingleOrDefaultAsync(ct)
            is { } row
            ? ETags.Ok(
                http,
                WebhookView.Of(
                    row.Webhook,
                    row.Queue,
                    await FindMakersAsync(bus, groupId, [row.Webhook], ct),
                    clock.GetUtcNow()
                ),
                row.Webhook.Version
            )
            : CommonErrors.NotFound.ToProblem();

    private static async Task<IReadOnlyList<MemberFacts>> FindMakersAsync(
        IModuleBus bus,
        Guid groupId,
        IEnumerable<Webhook> webhooks,
        CancellationToken ct
    )
    {
        List<Guid> ids = [.. webhooks.Select(webhook => webhook.CreatedById).OfType<Guid>().Distinct()];
        return ids.Count == 0 ? [] : (await bus.QueryAsync(new FindMembers(groupId, ids), ct)).Members;
    }
}
