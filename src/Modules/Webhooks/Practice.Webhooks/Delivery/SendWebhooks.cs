using Wolverine;

namespace Practice.Webhooks.Delivery;

/// <summary>Sends what is due for one webhook, one after the other.</summary>
public sealed record SendWebhooks(Guid GroupId, Guid WebhookId) : Message, IInGroup;

/// <summary>
/// Holds no transaction while it sends: what became of an attempt is stored after it, with what is sent next. A host
/// that dies in between has sent a delivery that is sent again, with the same id.
/// </summary>
public static class SendWebhooksHandler
{
    /// <summary>Then others have their turn. With the last attempt it stays below Wolverine's minute.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(20);

    public static async Task Handle(
        SendWebhooks due,
        Envelope envelope,
        WebhookClient client,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var began = clock.GetTimestamp();
        AttemptResult? last = null;
        while (true)
        {
            var stop = last is not null && (ct.IsCancellationRequested || clock.GetElapsedTime(began) > Turn);
            var next = new TakeNextDelivery(due.GroupId, due.WebhookId, envelope.Id, last, stop);
            // Also while the host stops: what the receiver said is known now.
            var taken = (await bus.InvokeAsSystemAsync(next, CancellationToken.None)).Value;
            if (taken.DeliveryId is not { } deliveryId)
                return;
            last = await client.SendAsync(deliveryId, taken, ct);
        }
    }
}

/// <summary>
/// A receiver that is slow holds up one of these. There are more than one host sends to at any time, since all they do
/// is wait.
/// </summary>
internal sealed class SendingQueue : IWolverineExtension
{
    private const int AtOnce = 64;

    public void Configure(WolverineOptions options) =>
        options.LocalQueueFor<SendWebhooks>().MaximumParallelMessages(AtOnce);
}
