namespace Practice.Webhooks.Domain;

/// <summary>
/// How the sending of one webhook goes on. Apart from the webhook, whose version changes only when its settings do. Who
/// changes what waits locks this row first.
/// </summary>
public sealed class WebhookQueue
{
    /// <summary>A receiver that is this far behind does not catch up, and a practice can fill it by itself.</summary>
    public const int MaxWaiting = 5_000;

    /// <summary>
    /// A receiver that took none of so many deliveries in a row is asked less and less often, whatever waits for
    /// it. One that it alone rejects holds up no other.
    /// </summary>
    private const int FailuresBeforePause = 3;

    /// <summary>Longer than one attempt takes. The sender renews it each time.</summary>
    private static readonly TimeSpan LeaseFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    private WebhookQueue() { }

    public Guid WebhookId { get; private init; }
    public Guid GroupId { get; private init; }
    public int Waiting { get; internal set; }

    /// <summary>The message that is sending; the same one may go on after a crash.</summary>
    public Guid? LeasedBy { get; private set; }
    public DateTimeOffset? LeasedUntil { get; private set; }
    public int FailuresInARow { get; private set; }
    public DateTimeOffset? PausedUntil { get; private set; }

    /// <summary>Whether the receiver took long over the last attempt, or did not answer.</summary>
    public bool IsSlow { get; internal set; }
    public DateTimeOffset? LastSuccessAt { get; private set; }

    /// <summary>When a message is scheduled that goes on.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>When old deliveries are deleted next; null if there are none.</summary>
    public DateTimeOffset? CleanUpAt { get; internal set; }

    internal static WebhookQueue Of(Webhook webhook) => new() { WebhookId = webhook.Id, GroupId = webhook.GroupId };

    internal bool IsLeasedByOther(Guid sender, DateTimeOffset now) => LeasedBy != sender && LeasedUntil > now;

    internal bool IsPaused(DateTimeOffset now) => PausedUntil > now;

    internal void Lease(Guid sender, DateTimeOffset now) => (LeasedBy, LeasedUntil) = (sender, now + LeaseFor);

    internal void Release() => (LeasedBy, LeasedUntil) = (null, null);

    internal void Succeed(DateTimeOffset now)
    {
        Waiting--;
        (FailuresInARow, PausedUntil, LastSuccessAt) = (0, null, now);
    }

    /// <param name="isFirst">
    /// Whether it was the delivery's first attempt: while the receiver is not paused, each delivery counts once.
    /// </param>
    internal void Fail(bool isFirst, DateTimeOffset now)
    {
        if (!isFirst && PausedUntil is null)
            return;
        FailuresInARow++;
        if (FailuresInARow < FailuresBeforePause)
            return;
        var pause = FirstPause * Math.Pow(2, Math.Min(FailuresInARow - FailuresBeforePause, 20));
        PausedUntil = now + (pause < MaxPause ? pause : MaxPause);
    }

    /// <summary>
    /// When to go on for a delivery that is due then; null if a message comes by that time anyway.
    /// </summary>
    internal DateTimeOffset? WakeFor(DateTimeOffset due, DateTimeOffset now)
    {
        if (PausedUntil > due)
            due = PausedUntil.Value;
        if (WakeAt > now && WakeAt <= due)
            return null;
        return WakeAt = due;
    }

    /// <summary>Its receiver is another one, or was corrected: what the former did says nothing about it.</summary>
    internal void StartAfresh() => (FailuresInARow, PausedUntil, IsSlow) = (0, null, false);

    /// <summary>
    /// Nothing waits any more. A pause stays: turning a webhook off and on does not make its receiver better.
    /// </summary>
    internal void Clear()
    {
        Release();
        Waiting = 0;
    }
}
