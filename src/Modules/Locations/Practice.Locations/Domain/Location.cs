namespace Practice.Locations.Domain;

/// <summary>A site of a practice group. It is archived, never deleted, so that its history stays.</summary>
public sealed class Location
{
    private Location() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public string Name { get; private set; } = null!;
    public string? Address { get; private set; }
    public string? Phone { get; private set; }

    /// <summary>The IANA time zone in which the location's times are shown.</summary>
    public string TimeZone { get; private set; } = null!;

    /// <summary>As <c>#rrggbb</c>, for calendars.</summary>
    public string? Colour { get; private set; }

    /// <summary>Null until someone enters them. Without them the location refuses no time.</summary>
    public WeeklyHours? Hours { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public uint Version { get; private set; }

    public bool IsArchived => ArchivedAt is not null;

    public static Location Open(Guid id, Guid groupId, string name, string timeZone, DateTimeOffset now) =>
        new()
        {
            Id = id,
            GroupId = groupId,
            Name = name.Trim(),
            TimeZone = timeZone,
            CreatedAt = now,
        };

    public void Describe(
        string name,
        string? address,
        string? phone,
        string timeZone,
        string? colour,
        WeeklyHours? hours
    ) =>
        (Name, Address, Phone, TimeZone, Colour, Hours) = (
            name.Trim(),
            address.NullIfBlank(),
            phone.NullIfBlank(),
            timeZone,
            colour,
            hours?.OrNullIfEmpty()
        );

    /// <summary>Closes the location for new work, unless it is the group's last active one.</summary>
    /// <param name="ofTheGroup">
    /// All locations of the group, locked, so that two archivals at once cannot both pass.
    /// </param>
    public ErrorOr<Success> Archive(IEnumerable<Location> ofTheGroup, DateTimeOffset now)
    {
        if (!ofTheGroup.Any(other => other.Id != Id && !other.IsArchived))
        {
            return ApiError.Conflict(
                "locations.last_active",
                "This is the practice's last active location. Open or restore another one before archiving it."
            );
        }

        ArchivedAt = now;
        return Result.Success;
    }

    public void Restore() => ArchivedAt = null;
}
