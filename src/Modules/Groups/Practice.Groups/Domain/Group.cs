namespace Practice.Groups.Domain;

/// <summary>A practice group: the tenant. Every shared record belongs to exactly one.</summary>
public sealed class Group
{
    private Group() { }

    public Guid Id { get; private init; }
    public string Name { get; private set; } = null!;
    public bool RemindersEnabled { get; private set; } = true;

    /// <summary>How many hours before an appointment its reminder is sent.</summary>
    public int RemindersHoursBefore { get; private set; } = 24;

    /// <summary>An ISO 4217 code.</summary>
    public string InvoiceCurrency { get; private set; } = "AUD";

    public int InvoiceDueAfterDays { get; private set; } = 14;

    /// <summary>Whether members need a session with a second factor.</summary>
    public bool RequiresTwoFactor { get; private set; }

    /// <summary>
    /// After how many minutes without use a session must be confirmed before it opens this group; null where the
    /// operator's limit is enough.
    /// </summary>
    public int? IdleMinutes { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public uint Version { get; private set; }

    internal void Rename(string name) => Name = name.Trim();

    internal void Remind(bool enabled, int hoursBefore) =>
        (RemindersEnabled, RemindersHoursBefore) = (enabled, hoursBefore);

    internal void Invoice(string currency, int dueAfterDays) =>
        (InvoiceCurrency, InvoiceDueAfterDays) = (currency, dueAfterDays);

    internal void RequireTwoFactor(bool required) => RequiresTwoFactor = required;

    internal void LimitIdle(int? minutes) => IdleMinutes = minutes;

    /// <summary>Whether this limit would let sessions in that the present one keeps out.</summary>
    internal bool LoosensIdle(int? minutes) => IdleMinutes is { } now && (minutes is null || minutes > now);

    internal static Group Create(Guid id, string name, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Name = name.Trim(),
            CreatedAt = now,
        };
}
