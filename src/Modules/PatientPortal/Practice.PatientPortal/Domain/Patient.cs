namespace Practice.PatientPortal.Domain;

/// <summary>A patient of one practice. Linked to a portal account once the practice's invitation was claimed for it.</summary>
public sealed class Patient
{
    private Patient() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }

    /// <summary>A copy of the group's name, kept by its events: the portal shows it with each record.</summary>
    public string PracticeName { get; private init; } = null!;

    public string FirstName { get; private set; } = null!;
    public string LastName { get; private set; } = null!;
    public string? Email { get; private set; }
    public DateOnly DateOfBirth { get; private set; }

    /// <summary>Where the patient is seen; members restricted to locations see only patients of theirs, and none without one.</summary>
    public Guid? LocationId { get; private set; }

    /// <summary>The member who added the patient, and whose own patient it is.</summary>
    public Guid AddedById { get; private init; }

    public Guid? AccountId { get; private set; }
    public DateTimeOffset AddedAt { get; private init; }
    public uint Version { get; private set; }

    /// <summary>What stands in place of the name for members who may not see names.</summary>
    public string Code => $"P-{Id.ToString("n")[^8..].ToUpperInvariant()}";

    internal static Patient Add(Guid groupId, string practiceName, Guid addedById, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            PracticeName = practiceName,
            AddedById = addedById,
            AddedAt = now,
        };

    internal void Describe(string firstName, string lastName, string? email, DateOnly dateOfBirth, Guid? locationId) =>
        (FirstName, LastName, Email, DateOfBirth, LocationId) = (
            firstName.Trim(),
            lastName.Trim(),
            email,
            dateOfBirth,
            locationId
        );

    internal void LinkTo(Guid accountId) => AccountId = accountId;
}
