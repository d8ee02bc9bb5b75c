namespace Practice.Webhooks.Domain;

public enum DeliveryStatus
{
    /// <summary>It is about to be sent, or was not taken and will be sent again.</summary>
    Waiting,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>It is not sent again, unless someone asks for it.</summary>
    Failed,
}

/// <summary>What went wrong with the last attempt.</summary>
public enum DeliveryProblem
{
    /// <summary>The receiver answered something other than 2xx.</summary>
    Rejected,
    TimedOut,
    Unreachable,

    /// <summary>Its certificate is not valid, or there was no common version of TLS.</summary>
    Tls,

    /// <summary>The name leads to an address that is not public.</summary>
    AddressNotPublic,

    /// <summary>Its webhook was turned off.</summary>
    Disabled,
}

/// <summary>One event for one webhook. Its id is the <c>webhook-id</c> of each attempt.</summary>
public sealed class WebhookDelivery
{
    /// <summary>Ten times within a day, and the last time at its end.</summary>
    internal static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(10),
    ];

    internal static readonly TimeSpan TriedFor = TimeSpan.FromDays(1);

    private WebhookDelivery() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid WebhookId { get; private init; }
    public string Event { get; private init; } = null!;

    /// <summary>The body as it is sent and signed: ids and codes.</summary>
    public string Payload { get; private init; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }
    public DeliveryStatus Status { get; private set; }

    /// <summary>Since it was last asked for.</summary>
    public DateTimeOffset TriedSince { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset? NextAttemptAt { get; private set; }
    public DateTimeOffset? LastAttemptAt { get; private set; }
    public int? StatusCode { get; private set; }
    public DeliveryProblem? Problem { get; private set; }

    /// <summary>As it is sent.</summary>
    internal static string MessageIdOf(Guid id) => $"msg_{id:n}";

    internal static WebhookDelivery Of(Webhook webhook, string name, string payload, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = webhook.GroupId,
            WebhookId = webhook.Id,
            Event = name,
            Payload = payload,
            CreatedAt = now,
            TriedSince = now,
            NextAttemptAt = now,
        };

    internal void Succeed(int statusCode, DateTimeOffset now)
    {
        (Status, StatusCode, Problem) = (DeliveryStatus.Delivered, statusCode, null);
        (Attempts, LastAttemptAt, NextAttemptAt) = (Attempts + 1, now, null);
    }

    /// <returns>Whether it was the last attempt.</returns>
    internal bool Fail(int? statusCode, DeliveryProblem problem, TimeSpan jitter, DateTimeOffset now)
    {
        (StatusCode, Problem, LastAttemptAt) = (statusCode, problem, now);
        Attempts++;
        var (end, isLast) = (TriedSince + TriedFor, Attempts > Pauses.Length || now >= TriedSince + TriedFor);
        if (isLast)
            (Status, NextAttemptAt) = (DeliveryStatus.Failed, null);
        else
            NextAttemptAt = now + Pauses[Attempts - 1] + jitter is var next && next < end ? next : end;
        return isLast;
    }

    /// <summary>Sends it once more, with the same id.</summary>
    internal void Replay(DateTimeOffset now) =>
        (Status, TriedSince, NextAttemptAt, Attempts) = (DeliveryStatus.Waiting, now, now, 0);
}
