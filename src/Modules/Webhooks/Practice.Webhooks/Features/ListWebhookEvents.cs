using System.Text.Json;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Features;

/// <summary>The events that a webhook can be told of, grouped by what they are about.</summary>
internal sealed class ListWebhookEventsEndpoint : ICarterModule
{
    private static readonly Page<WebhookEventView> Answer = new(
        [
            .. WebhookEvents.All.Select(one => new WebhookEventView(
                one.Name,
                one.Description,
                JsonSerializer.Deserialize<JsonElement>(DeliveryRecording.ExampleOf(one))
            )),
        ],
        null
    );

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/webhook-events", () => Results.Ok(Answer))
            .RequireSession()
            .WithName("ListWebhookEvents")
            .WithTags("Webhooks")
            .Produces<Page<WebhookEventView>>();
}

/// <param name="Example">A body as it is sent.</param>
internal sealed record WebhookEventView(string Name, string Description, JsonElement Example);
