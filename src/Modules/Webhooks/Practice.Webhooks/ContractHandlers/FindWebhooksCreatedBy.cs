using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Webhooks;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.ContractHandlers;

public static class FindWebhooksCreatedByHandler
{
    public static async Task<WebhooksCreatedByAnswer> Handle(
        FindWebhooksCreatedBy query,
        WebhooksDbContext db,
        CancellationToken ct
    )
    {
        var webhooks = await db.SendingWebhooksOf(query.GroupId, query.UserIds)
            .AsNoTracking()
            .OrderBy(webhook => webhook.Id)
            .ToListAsync(ct);
        return new(
            webhooks.ConvertAll(webhook => new CreatedWebhook(
                webhook.Id,
                webhook.CreatedById!.Value,
                WebhookUrl.HostOf(webhook.Url)
            ))
        );
    }
}
