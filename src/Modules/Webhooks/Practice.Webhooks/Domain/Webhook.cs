namespace Practice.Webhooks.Domain;

/// <summary>Why a webhook does not send.</summary>
public enum DisabledReason
{
    /// <summary>An owner turned it off.</summary>
    Owner,
    Failing,
    Gone,
    Backlog,

    /// <summary>An owner had it end with the membership of who made it.</summary>
    MakerLeft,
}

/// <summary>Where a practice's events are sent, and which.</summary>
public sealed class Webhook
{
    /// <summary>More are no help, and each event would be stored once for each.</summary>
    public const int MaxPerGroup = 10;

    /// <summary>How long what is sent is signed with the former secret too.</summary>
    public static readonly TimeSpan FormerSecretFor = TimeSpan.FromDays(1);

    private Webhook() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public string Url { get; private set; } = null!;
    public List<string> Events { get; private set; } = null!;

    /// <summary>Encrypted.</summary>
    public string Secret { get; private set; } = null!;

    /// <inheritdoc cref="Secret"/>
    public string? FormerSecret { get; private set; }

    public DateTimeOffset? FormerSecretUntil { get; private set; }
    public bool Enabled { get; private set; }
    public DisabledReason? DisabledReason { get; private set; }
    public DateTimeOffset? DisabledAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>
    /// Who made it, or was the last to give it another URL or secret: events go where they want. Null of one that an
    /// earlier version made.
    /// </summary>
    public Guid? CreatedById { get; private set; }

    public uint Version { get; private set; }

    internal static Webhook Create(
        Guid id,
        Guid groupId,
        string url,
        IEnumerable<string> events,
        string secret,
        Guid createdById,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = id,
            GroupId = groupId,
            Url = url,
            Events = InOrder(events),
            Secret = secret,
            Enabled = true,
            CreatedAt = now,
            CreatedById = createdById,
        };

    internal void Change(string url, IEnumerable<string> events, Guid by)
    {
        if (url != Url)
            (Url, CreatedById) = (url, by);
        if (InOrder(events) is var ordered && !ordered.SequenceEqual(Events))
            Events = ordered;
    }

    internal void Rotate(string secret, Guid by, DateTimeOffset now) =>
        (FormerSecret, FormerSecretUntil, Secret, CreatedById) = (Secret, now + FormerSecretFor, secret, by);

    internal void Enable() => (Enabled, DisabledReason, DisabledAt) = (true, null, null);

    internal void Disable(DisabledReason why, DateTimeOffset now) =>
        (Enabled, DisabledReason, DisabledAt) = (false, why, now);

    /// <summary>The secrets to sign with, the newest first.</summary>
    internal IEnumerable<string> SecretsAt(DateTimeOffset now) =>
        FormerSecretUntil > now ? [Secret, FormerSecret!] : [Secret];

    private static List<string> InOrder(IEnumerable<string> events) =>
        [.. WebhookEvents.All.Select(one => one.Name).Intersect(events)];
}
