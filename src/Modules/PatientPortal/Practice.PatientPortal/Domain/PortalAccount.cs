namespace Practice.PatientPortal.Domain;

/// <summary>What a patient signs in to, across every practice that treats them; a dependant's is run by their guardians.</summary>
public sealed class PortalAccount
{
    private PortalAccount() { }

    public Guid Id { get; private init; }

    /// <summary>The person who signs in to it; null for a dependant, who has no sign-in.</summary>
    public Guid? UserId { get; private set; }

    public string FirstName { get; private set; } = null!;
    public string LastName { get; private set; } = null!;
    public DateOnly DateOfBirth { get; private init; }
    public string? Phone { get; private set; }
    public string? Address { get; private set; }

    /// <summary>The IANA name of the zone in which ages and last days are reckoned.</summary>
    public string TimeZone { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private init; }
    public uint Version { get; private set; }

    public bool IsDependant => UserId is null;

    public string Name => $"{FirstName} {LastName}";

    internal static PortalAccount Own(
        Guid userId,
        string firstName,
        string lastName,
        DateOnly dateOfBirth,
        string timeZone,
        DateTimeOffset now
    ) => Open(userId, firstName, lastName, dateOfBirth, timeZone, now);

    internal static PortalAccount OfDependant(
        string firstName,
        string lastName,
        DateOnly dateOfBirth,
        string timeZone,
        DateTimeOffset now
    ) => Open(null, firstName.Trim(), lastName.Trim(), dateOfBirth, timeZone, now);

    internal void Describe(string? phone, string? address, string timeZone) =>
        (Phone, Address, TimeZone) = (phone, address, timeZone);

    internal void Rename(string firstName, string lastName) => (FirstName, LastName) = (firstName, lastName);

    /// <summary>The dependant is of age and has proved it: the account is theirs, and nobody's guardian's any more.</summary>
    internal void TakeOver(Guid userId, string firstName, string lastName) =>
        (UserId, FirstName, LastName) = (userId, firstName, lastName);

    private static PortalAccount Open(
        Guid? userId,
        string firstName,
        string lastName,
        DateOnly dateOfBirth,
        string timeZone,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            FirstName = firstName,
            LastName = lastName,
            DateOfBirth = dateOfBirth,
            TimeZone = timeZone,
            CreatedAt = now,
        };
}
