namespace Practice.PatientPortal.Domain.Patients;

/// <summary>The administrative gender of FHIR: what records and letters go by.</summary>
public enum Sex
{
    Female,
    Male,
    Other,
    Unknown,
}

/// <summary>
/// A patient of one practice. Claiming the practice's invitation links the patient to a portal account.
/// </summary>
public sealed class Patient
{
    private Patient() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }

    /// <summary>A copy of the group's name, kept current by its events. The portal shows it with each record.</summary>
    public string PracticeName { get; private init; } = null!;

    public string FirstName { get; private set; } = null!;
    public string LastName { get; private set; } = null!;
    public string? Email { get; private set; }
    public string? Phone { get; private set; }
    public string? Address { get; private set; }
    public EmergencyContact? EmergencyContact { get; private set; }
    public Sex? Sex { get; private set; }
    public DateOnly DateOfBirth { get; private set; }

    /// <summary>
    /// Where the patient is seen. Members restricted to locations see only the patients of their locations.
    /// </summary>
    public Guid? LocationId { get; private set; }

    /// <summary>The member who added the patient. It counts as that member's own patient.</summary>
    public Guid AddedById { get; private init; }

    public Guid? AccountId { get; private set; }

    /// <summary>
    /// The account that the practice unlinked last. What it had paused there is paused in the next one too.
    /// </summary>
    public Guid? UnlinkedAccountId { get; private set; }

    public DateTimeOffset AddedAt { get; private init; }

    /// <summary>When the practice put the patient away; null for one whom it treats.</summary>
    public DateTimeOffset? ArchivedAt { get; private set; }

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public uint Version { get; private set; }

    public bool IsArchived => ArchivedAt is not null;

    /// <summary>Shown instead of the name to members who may not see names.</summary>
    public string Code => $"{CodePrefix}{Id.ToString("n")[^8..].ToUpperInvariant()}";

    internal const string CodePrefix = "P-";

    /// <summary>The code's digits in what was typed, as in the id.</summary>
    internal static string CodeIn(string typed) =>
        (
            typed.StartsWith(CodePrefix, StringComparison.OrdinalIgnoreCase) ? typed[CodePrefix.Length..] : typed
        ).ToLowerInvariant();

    internal static Patient Add(Guid groupId, string practiceName, Guid addedById, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            PracticeName = practiceName,
            AddedById = addedById,
            AddedAt = now,
        };

    internal void Describe(
        string firstName,
        string lastName,
        string? email,
        DateOnly dateOfBirth,
        Sex? sex,
        Guid? locationId
    ) =>
        (FirstName, LastName, Email, DateOfBirth, Sex, LocationId) = (
            firstName.Trim(),
            lastName.Trim(),
            email,
            dateOfBirth,
            sex,
            locationId
        );

    internal ContactDetails Contact => new(Phone, Address, EmergencyContact);

    internal void Reach(ContactDetails contact) =>
        (Phone, Address, EmergencyContact) = (contact.Phone, contact.Address, contact.EmergencyContact);

    internal void Archive(DateTimeOffset now) => ArchivedAt ??= now;

    internal void Restore() => ArchivedAt = null;

    internal void LinkTo(Guid accountId) => (AccountId, UnlinkedAccountId) = (accountId, null);

    internal void Unlink() => (AccountId, UnlinkedAccountId) = (null, AccountId);

    /// <summary>The name; null for a caller who sees only codes.</summary>
    internal string? NameFor(Caller caller) => caller.May(Access.HidePatientNames) ? null : $"{FirstName} {LastName}";
}
