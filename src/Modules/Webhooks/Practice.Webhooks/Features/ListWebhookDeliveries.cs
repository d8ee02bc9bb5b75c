using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Features;

/// <param name="MessageId">The <c>webhook-id</c> of each attempt.</param>
/// <param name="StatusCode">The answer to the last attempt; null where there was none.</param>
/// <param name="Problem">Of the last attempt.</param>
/// <param name="Payload">The body as it is sent.</param>
internal sealed record WebhookDeliveryView(
    Guid Id,
    string MessageId,
    string Event,
    DeliveryStatus Status,
    int Attempts,
    int? StatusCode,
    DeliveryProblem? Problem,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastAttemptAt,
    DateTimeOffset? NextAttemptAt,
    JsonElement Payload
)
{
    public static WebhookDeliveryView Of(WebhookDelivery delivery) =>
        new(
            delivery.Id,
            WebhookDelivery.MessageIdOf(delivery.Id),
            delivery.Event,
            delivery.Status,
            delivery.Attempts,
            delivery.StatusCode,
            delivery.Problem,
            delivery.CreatedAt,
            delivery.LastAttemptAt,
            delivery.NextAttemptAt,
            JsonSerializer.Deserialize<JsonElement>(delivery.Payload)
        );
}

/// <summary>
/// A webhook's deliveries, the newest first, of one status or all. They are kept for 30 days, and the newest 2,000.
/// </summary>
internal sealed class ListWebhookDeliveriesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/webhooks/{webhookId:guid}/deliveries", Get)
            .RequireOwner(changes: false)
            .WithName("ListWebhookDeliveries")
            .WithTags("Webhooks")
            .Produces<Page<WebhookDeliveryView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid webhookId,
        QueryValue<DeliveryStatus>? status,
        Paging paging,
        WebhooksDbContext db,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        var only = QueryText.OneOf<DeliveryStatus>(nameof(status), status);
        if (!await db.Webhooks.AnyAsync(webhook => webhook.GroupId == groupId && webhook.Id == webhookId, ct))
            return CommonErrors.NotFound.ToProblem();
        List<Error> wrong = [.. after.ErrorsOrEmptyList, .. only.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return Problems.ToProblem(wrong);

        var deliveries = db
            .Deliveries.AsNoTracking()
            .Where(delivery => delivery.GroupId == groupId && delivery.WebhookId == webhookId);
        if (after.Value is { } last)
            deliveries = deliveries.Where(delivery => delivery.Id < last);
        if (only.Value is { } sought)
            deliveries = deliveries.Where(delivery => delivery.Status == sought);
        var rows = await deliveries.OrderByDescending(delivery => delivery.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(paging.Page(rows, WebhookDeliveryView.Of, delivery => [delivery.Id]));
    }
}
