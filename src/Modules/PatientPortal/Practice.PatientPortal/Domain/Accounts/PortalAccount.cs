using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Accounts;

/// <summary>
/// A person's account across every practice that treats them. Guardians run the account of a dependant.
/// </summary>
public sealed class PortalAccount
{
    private PortalAccount() { }

    public Guid Id { get; private init; }

    /// <summary>The person who signs in; null for a dependant, who has no sign-in.</summary>
    public Guid? UserId { get; private set; }

    public string FirstName { get; private set; } = null!;
    public string LastName { get; private set; } = null!;
    public DateOnly DateOfBirth { get; private set; }
    public string? Phone { get; private set; }
    public string? Address { get; private set; }
    public EmergencyContact? EmergencyContact { get; private set; }

    /// <summary>The IANA time zone that decides when the last day of a grant ends.</summary>
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

    internal bool IsOfAge(PortalOptions options, DateTimeOffset now) =>
        Ages.Reached(DateOfBirth, options.AdultAge) <= PortalDays.Today(now, options.TimeZone);

    internal ContactDetails Contact => new(Phone, Address, EmergencyContact);

    internal void Describe(ContactDetails contact, string timeZone) =>
        (Phone, Address, EmergencyContact, TimeZone) = (
            contact.Phone,
            contact.Address,
            contact.EmergencyContact,
            timeZone
        );

    /// <summary>Only while no practice's records are linked to it.</summary>
    internal void CorrectDateOfBirth(DateOnly dateOfBirth) => DateOfBirth = dateOfBirth;

    internal void Rename(string firstName, string lastName) => (FirstName, LastName) = (firstName, lastName);

    /// <summary>
    /// The dependant is of age and has proved it. The account is theirs now; guardians have no part in it.
    /// </summary>
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
