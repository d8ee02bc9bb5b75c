namespace Practice.Groups.Domain;

/// <summary>A practice group: the tenant. All shared records belong to exactly one.</summary>
public sealed class Group
{
    private Group() { }

    public Guid Id { get; private init; }
    public string Name { get; private set; } = null!;
    public bool RemindersEnabled { get; private set; } = true;

    /// <summary>How many hours before an appointment its reminder goes out.</summary>
    public int RemindersHoursBefore { get; private set; } = 24;

    /// <summary>ISO 4217.</summary>
    public string InvoiceCurrency { get; private set; } = "AUD";

    public int InvoiceDueAfterDays { get; private set; } = 14;

    /// <summary>Whether members are let in only by a session that has shown a second factor.</summary>
    public bool RequiresTwoFactor { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public uint Version { get; private set; }

    internal void Rename(string name) => Name = name.Trim();

    internal void Remind(bool enabled, int hoursBefore) =>
        (RemindersEnabled, RemindersHoursBefore) = (enabled, hoursBefore);

    internal void Invoice(string currency, int dueAfterDays) =>
        (InvoiceCurrency, InvoiceDueAfterDays) = (currency, dueAfterDays);

    internal void RequireTwoFactor(bool required) => RequiresTwoFactor = required;

    internal static Group Create(Guid id, string name, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Name = name.Trim(),
            CreatedAt = now,
        };
}
