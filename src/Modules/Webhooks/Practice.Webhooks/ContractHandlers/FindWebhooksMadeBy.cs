using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Webhooks;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.ContractHandlers;

public static class FindWebhooksMadeByHandler
{
    public static async Task<WebhooksMadeByAnswer> Handle(
        FindWebhooksMadeBy query,
        WebhooksDbContext db,
        CancellationToken ct
    )
    {
        var webhooks = await db.SendingWebhooksOf(query.GroupId, query.UserIds)
            .AsNoTracking()
            .OrderBy(webhook => webhook.Id)
            .ToListAsync(ct);
        return new(
            webhooks.ConvertAll(webhook => new MadeWebhook(
                webhook.Id,
                webhook.CreatedById!.Value,
                WebhookUrl.HostOf(webhook.Url)
            ))
        );
    }
}
