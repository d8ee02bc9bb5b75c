namespace Practice.Groups.Domain;

/// <summary>What tells the caller whether an email has an account.</summary>
public enum LookupKind
{
    /// <summary>Adding a user by the form.</summary>
    User,

    /// <summary>Importing a file.</summary>
    File,
}

/// <summary>
/// One use of a call that tells whether an email has an account. Thirty such answers an hour and ten imported files a
/// day are enough for a practice, and too few for trying out addresses.
/// </summary>
public sealed class Lookup
{
    private Lookup() { }

    public Guid Id { get; private init; }
    public Guid UserId { get; private init; }
    public LookupKind Kind { get; private init; }
    public DateTimeOffset At { get; private init; }

    internal static Lookup Of(Guid userId, LookupKind kind, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Kind = kind,
            At = now,
        };

    internal static (int Times, TimeSpan Within) Limit(LookupKind kind) =>
        kind == LookupKind.User ? (30, TimeSpan.FromHours(1)) : (10, TimeSpan.FromDays(1));
}
