namespace Practice.Users.Domain;

/// <summary>
/// A kind of device that a person has signed in with. They are told of a sign-in with another one.
/// </summary>
public sealed class KnownDevice
{
    /// <summary>A device that was not used for this time is new again.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    /// <summary>After this time it is deleted.</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(365);

    private KnownDevice() { }

    public Guid AccountId { get; private init; }

    /// <summary>Such as <c>Chrome on Windows</c>.</summary>
    public string Name { get; private init; } = null!;

    public DateTimeOffset LastAt { get; private set; }

    public static KnownDevice Of(Guid accountId, string name, DateTimeOffset now) =>
        new()
        {
            AccountId = accountId,
            Name = name,
            LastAt = now,
        };

    public bool IsKnown(DateTimeOffset now) => LastAt > now - KnownFor;

    public void Used(DateTimeOffset now) => LastAt = now;
}
