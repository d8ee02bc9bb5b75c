namespace Practice.Groups.Domain;

/// <summary>
/// A program of the group that calls the API: it has an access level and settings as a member has, and is no person.
/// Its secrets and tokens are in the schema <c>authority</c>, as hashes. Never deleted, only revoked.
/// </summary>
public sealed class ApiClient
{
    /// <summary>More than anyone looks after. Revoked ones do not count.</summary>
    internal const int MaxPerGroup = 100;

    private ApiClient() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public string Name { get; private init; } = null!;

    /// <summary>Whose presets the level is one of. A client sees no patients of its own either way.</summary>
    public RoleType RoleType { get; private init; }

    /// <inheritdoc cref="Membership.Level"/>
    public AccessLevel Level { get; private set; }

    public Guid? OwnLevelId { get; private set; }
    public Access SwitchedOn { get; private set; }
    public Access SwitchedOff { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public Guid CreatedById { get; private init; }

    /// <summary>Null for a client that does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>When it last got another secret.</summary>
    public DateTimeOffset? RotatedAt { get; private set; }
    public DateTimeOffset? RevokedAt { get; private set; }

    public bool IsRevoked => RevokedAt is not null;

    public AccessChoice Choice => new(Level, SwitchedOn, SwitchedOff, OwnLevelId);

    public AccessLevelId LevelId => AccessLevelId.Of(RoleType, Level, OwnLevelId);

    public Access Effective => Choice.Effective(RoleType);

    internal static ApiClient Create(
        Guid groupId,
        string name,
        RoleType roleType,
        AccessChoice access,
        DateTimeOffset? expiresAt,
        Guid by,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            Name = name.Trim(),
            RoleType = roleType,
            Level = access.Level,
            OwnLevelId = access.OwnLevelId,
            SwitchedOn = access.SwitchedOn,
            SwitchedOff = access.SwitchedOff,
            CreatedAt = now,
            CreatedById = by,
            ExpiresAt = expiresAt,
        };

    internal bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    internal void Rotate(DateTimeOffset now) => RotatedAt = now;

    internal void Revoke(DateTimeOffset now) => RevokedAt = now;

    /// <summary>Its level, one of the group's own, has other settings now.</summary>
    internal void Follow(Access before, Access after)
    {
        var choice = Choice.With(RoleType, OwnAccessLevel.Follow(Effective, before, after));
        (SwitchedOn, SwitchedOff) = (choice.SwitchedOn, choice.SwitchedOff);
    }
}
