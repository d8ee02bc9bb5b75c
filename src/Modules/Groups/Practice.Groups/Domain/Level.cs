namespace Practice.Groups.Domain;

/// <summary>A level with what it sets: a preset of the catalogue, or one of the group's own levels.</summary>
/// <param name="Preset">Of an own level: the preset that members are stored with, beside the level's id.</param>
internal sealed record Level(AccessLevel Preset, Guid? OwnId, RoleType RoleType, Access Settings)
{
    public AccessLevelId Id => OwnId is null ? Preset : new AccessLevelId(null, OwnId);

    public static ErrorOr<Level> Of(RoleType roleType, AccessLevel preset) =>
        preset.IsFor(roleType)
            ? new Level(preset, null, roleType, AccessLevels.Preset(roleType, preset))
            : GroupErrors.LevelNotForRoleType;
}

/// <summary>The group's own levels that a request or a member names, read together.</summary>
internal sealed class KnownLevels(IReadOnlyList<OwnAccessLevel> own)
{
    public static KnownLevels None { get; } = new([]);

    private readonly Dictionary<Guid, OwnAccessLevel> _byId = own.ToDictionary(level => level.Id);

    /// <summary>The level that a member or an invitation has, as it is now.</summary>
    public Level Held(RoleType roleType, AccessChoice choice) =>
        choice.IdFor(roleType).Own is { } id && _byId.TryGetValue(id, out var level) && level.RoleType == roleType
            ? level.ToLevel()
            : Level.Of(roleType, choice.Level).Value;

    /// <summary>The level of this name or id, or why it cannot be given.</summary>
    /// <param name="held">The level that the member or the invitation has: it may be kept when it is archived.</param>
    public ErrorOr<Level> Find(AccessLevelId id, RoleType roleType, AccessLevelId? held = null) =>
        id.Own is not { } ownId ? Level.Of(roleType, id.Preset!.Value)
        : !_byId.TryGetValue(ownId, out var level) ? GroupErrors.UnknownAccessLevel
        : level.RoleType != roleType ? GroupErrors.LevelNotForRoleType
        : level.IsArchived && id != held ? GroupErrors.CannotChooseArchivedLevel
        : level.ToLevel();
}
