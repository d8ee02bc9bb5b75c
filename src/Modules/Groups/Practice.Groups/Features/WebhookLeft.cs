using Practice.Contracts.Webhooks;

namespace Practice.Groups.Features;

/// <summary>A webhook that goes on without its maker.</summary>
/// <param name="Host">Of its URL: where events go.</param>
internal sealed record WebhookLeft(Guid WebhookId, string Host)
{
    /// <summary>What these people made and what still sends, by maker.</summary>
    public static async Task<ILookup<Guid, WebhookLeft>> FindAsync(
        IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> userIds,
        CancellationToken ct
    ) =>
        (await bus.QueryAsync(new FindWebhooksCreatedBy(groupId, userIds), ct)).Webhooks.ToLookup(
            webhook => webhook.CreatedById,
            webhook => new WebhookLeft(webhook.WebhookId, webhook.Host)
        );
}
