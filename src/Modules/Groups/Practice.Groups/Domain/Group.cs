namespace Practice.Groups.Domain;

/// <summary>A practice group: the tenant. All shared records belong to exactly one.</summary>
public sealed class Group
{
    private Group()
    {
    }

    public Guid Id { get; private init; }
    public string Name { get; private set; } = "";
    public bool RemindersEnabled { get; private set; } = true;

    /// <summary>How many hours before an appointment its reminder goes out.</summary>
    public int RemindersHoursBefore { get; private set; } = 24;

    /// <summary>ISO 4217.</summary>
    public string InvoiceCurrency { get; private set; } = "AUD";

    public int InvoiceDueAfterDays { get; private set; } = 14;
    public DateTimeOffset CreatedAt { get; private init; }
    public uint Version { get; private set; }

    internal static Group Create(Guid id, string name, DateTimeOffset now) => new() { Id = id, Name = name.Trim(), CreatedAt = now };
}
