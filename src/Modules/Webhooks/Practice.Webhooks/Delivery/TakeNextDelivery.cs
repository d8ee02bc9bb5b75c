using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Webhooks;
using Practice.Shared.Persistence;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Delivery;

/// <summary>What became of an attempt.</summary>
/// <param name="StatusCode">Null where there was no answer.</param>
/// <param name="Problem">Null if the receiver took it.</param>
/// <param name="Interrupted">The host stops: nobody knows.</param>
/// <param name="Slow">Whether it took long.</param>
/// <param name="Url">Where it went.</param>
public sealed record AttemptResult(
    Guid DeliveryId,
    int? StatusCode = null,
    DeliveryProblem? Problem = null,
    bool Interrupted = false,
    bool Slow = false,
    string? Url = null
);

/// <summary>
/// Stores what became of an attempt, and takes what is sent next, in one transaction. One sender at a time has a
/// webhook; what others find taken, the one who has it sends.
/// </summary>
/// <param name="SenderId">Of the message that sends. The same one goes on after a crash.</param>
/// <param name="Slowly">Whether the sender is one of those for slow receivers.</param>
/// <param name="Stop">Whether the sender's turn is over.</param>
public sealed record TakeNextDelivery(
    Guid GroupId,
    Guid WebhookId,
    Guid SenderId,
    bool Slowly,
    AttemptResult? Last,
    bool Stop
) : Message, ICommand<TakenDelivery>, IInGroup;

/// <param name="DeliveryId">Null if there is nothing to send now.</param>
public sealed record TakenDelivery(
    Guid? DeliveryId = null,
    string? Url = null,
    string? Payload = null,
    IReadOnlyList<string>? Secrets = null
);

public static class TakeNextDeliveryHandler
{
    private const int Gone = 410;

    /// <summary>Of the senders for slow receivers, a practice has so many at once.</summary>
    private const int MaxSlowPerGroup = 2;

    /// <summary>For so long a slow receiver lets the practice's others have a turn.</summary>
    private static readonly TimeSpan SlowBreak = TimeSpan.FromSeconds(10);

    public static async Task<ErrorOr<TakenDelivery>> Handle(
        TakeNextDelivery command,
        WebhooksDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        if (command.Slowly)
            await db.LockCountsAsync(command.GroupId, ct); // two at once must not both take the last share
        if (
            await db.LockQueueAsync(command.GroupId, command.WebhookId, ct) is not { } queue
            || queue.IsLeasedByOther(command.SenderId, now)
        )
            return new TakenDelivery();
        if (command.Last is { Interrupted: false } last)
            await SettleAsync(db, work, queue, last, messages, now, ct);

        await db.SaveChangesAsync(ct); // what is due is read with it
        var webhook = await db.Webhooks.AsNoTracking().SingleAsync(one => one.Id == queue.WebhookId, ct);
        var next = webhook.Enabled ? await db.WaitingFor(webhook.Id).AsNoTracking().FirstOrDefaultAsync(ct) : null;
        var othersTurn = queue.IsSlow && (command.Stop || await IsShareTakenAsync(db, queue, now, ct));
        if (
            next is null
            || command.Stop
            || othersTurn
            || command.Slowly != queue.IsSlow
            || next.NextAttemptAt > now
            || queue.IsPaused(now)
        )
        {
            queue.Release();
            var (due, earliest) = (next?.NextAttemptAt, othersTurn ? now + SlowBreak : now);
            if (due is not null)
                await messages.SendAtAsync(queue, due > earliest ? due.Value : earliest, now);
            return new TakenDelivery();
        }

        var secrets = new List<string>();
        foreach (var secret in webhook.SecretsAt(now))
        {
            secrets.Add(
                await keys.DecryptAsync(WebhookSecret.ContextOf(webhook.Id), secret, ct)
                    ?? throw new InvalidOperationException($"The secret of webhook {webhook.Id} cannot be opened.")
            );
        }

        queue.Lease(command.SenderId, now);
        return new TakenDelivery(next.Id, webhook.Url, next.Payload, secrets);
    }

    private static async Task<bool> IsShareTakenAsync(
        WebhooksDbContext db,
        WebhookQueue queue,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db.Queues.CountAsync(
            other =>
                other.GroupId == queue.GroupId
                && other.WebhookId != queue.WebhookId
                && other.IsSlow
                && other.LeasedUntil > now,
            ct
        ) >= MaxSlowPerGroup;

    private static async Task SettleAsync(
        WebhooksDbContext db,
        UnitOfWork work,
        WebhookQueue queue,
        AttemptResult last,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // It may have been deleted, or given up with its webhook, while it was sent.
        var delivery = await db.Deliveries.SingleOrDefaultAsync(
            one => one.Id == last.DeliveryId && one.Status == DeliveryStatus.Waiting,
            ct
        );
        if (delivery is null)
            return;
        // What a former receiver says says nothing about the one that the webhook has now: that one gets it, too.
        if (!await db.Webhooks.AnyAsync(one => one.Id == queue.WebhookId && one.Url == last.Url, ct))
            return;
        queue.IsSlow = last.Slow;
        if (last.Problem is not { } problem)
        {
            delivery.Succeed(last.StatusCode!.Value, now);
            queue.Succeed(now);
            return;
        }

        var isLost = delivery.Fail(last.StatusCode, problem, Jitter(delivery.Attempts), now);
        queue.Fail(delivery.Attempts == 1, now);
        if (isLost)
            queue.Waiting--;
        if (last.StatusCode == Gone)
            await db.TurnOffAsync(queue, WebhookStop.Gone, messages, work, now, ct);
        else if (isLost && !(queue.LastSuccessAt >= delivery.TriedSince))
            await db.TurnOffAsync(queue, WebhookStop.Failing, messages, work, now, ct);
    }

    /// <summary>Up to a tenth more, so that what failed together is not sent together.</summary>
    private static TimeSpan Jitter(int attempts) =>
        attempts < WebhookDelivery.Pauses.Length
            ? WebhookDelivery.Pauses[attempts] * (RandomNumberGenerator.GetInt32(100) / 1000.0)
            : TimeSpan.Zero;
}
