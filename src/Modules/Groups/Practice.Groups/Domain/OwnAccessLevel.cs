namespace Practice.Groups.Domain;

/// <summary>
/// An access level that a group has named itself, over the same settings as the presets. Members keep its id, and their
/// access follows it when it changes. Never deleted, only archived: then nobody new gets it.
/// </summary>
public sealed class OwnAccessLevel
{
    private OwnAccessLevel() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public string Name { get; private set; } = null!;
    public RoleType RoleType { get; private init; }
    public Access Settings { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ArchivedAt { get; private set; }
    public uint Version { get; private set; }

    public bool IsArchived => ArchivedAt is not null;

    internal static OwnAccessLevel Create(
        Guid id,
        Guid groupId,
        string name,
        RoleType roleType,
        Access settings,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = id,
            GroupId = groupId,
            Name = name.Trim(),
            RoleType = roleType,
            Settings = settings,
            CreatedAt = now,
        };

    internal void Change(string name, Access settings) => (Name, Settings) = (name.Trim(), settings);

    internal void Archive(DateTimeOffset now) => ArchivedAt = now;

    internal Level ToLevel() => new(AccessLevels.BaseOf(RoleType), Id, RoleType, Settings);

    /// <summary>
    /// The access of who has this level after it has changed: a setting follows the level, unless it was switched
    /// against it.
    /// </summary>
    internal static Access Follow(Access held, Access before, Access after)
    {
        var agrees = ~(held ^ before);
        return held ^ ((before ^ after) & agrees);
    }
}
