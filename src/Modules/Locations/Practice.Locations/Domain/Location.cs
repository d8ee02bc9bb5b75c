namespace Practice.Locations.Domain;

/// <summary>A site of a practice group. Archived, never deleted: its history stays.</summary>
public sealed class Location
{
    private Location()
    {
    }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public string Name { get; private set; } = "";
    public string? Address { get; private set; }
    public string? Phone { get; private set; }

    /// <summary>The IANA name of the zone in which the location's times are shown.</summary>
    public string TimeZone { get; private set; } = "";

    /// <summary>As <c>#rrggbb</c>; for calendars.</summary>
    public string? Colour { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ArchivedAt { get; private set; }
    public uint Version { get; private set; }

    public bool IsArchived => ArchivedAt is not null;

    public static Location Open(Guid id, Guid groupId, string name, string timeZone, DateTimeOffset now) =>
        new() { Id = id, GroupId = groupId, Name = name.Trim(), TimeZone = timeZone, CreatedAt = now };

    public void Describe(string name, string? address, string? phone, string timeZone, string? colour) =>
        (Name, Address, Phone, TimeZone, Colour) = (name.Trim(), address?.Trim(), phone?.Trim(), timeZone, colour);

    public void Archive(DateTimeOffset now) => ArchivedAt ??= now;

    public void Restore() => ArchivedAt = null;
}
