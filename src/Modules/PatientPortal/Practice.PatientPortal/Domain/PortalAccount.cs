namespace Practice.PatientPortal.Domain;

/// <summary>What a patient signs in to, across every practice that treats them; a dependant's is run by their guardians.</summary>
public sealed class PortalAccount
{
    private PortalAccount()
    {
    }

    public Guid Id { get; private init; }

    /// <summary>The person who signs in to it; null for a dependant, who has no sign-in.</summary>
    public Guid? UserId { get; private init; }

    public string FirstName { get; private set; } = "";
    public string LastName { get; private set; } = "";
    public DateOnly DateOfBirth { get; private set; }

    /// <summary>The IANA name of the zone in which ages and last days are reckoned.</summary>
    public string TimeZone { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private init; }
    public uint Version { get; private set; }
}
