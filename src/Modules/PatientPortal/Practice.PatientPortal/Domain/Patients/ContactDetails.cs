using Practice.Shared.Audit;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>Whom to call in an emergency.</summary>
/// <param name="Relation">What they are to the patient, in any words.</param>
public sealed record EmergencyContact(string? Name, string? Phone, string? Relation)
{
    /// <summary>Without blanks around the texts, as it is stored.</summary>
    internal EmergencyContact Trimmed() => new(Name.NullIfBlank(), Phone.NullIfBlank(), Relation.NullIfBlank());
}

/// <summary>How to reach a person. What is not known is null.</summary>
internal sealed record ContactDetails(string? Phone, string? Address, EmergencyContact? EmergencyContact)
{
    /// <summary>As they are stored: without blanks around the texts.</summary>
    public static ContactDetails Of(string? phone, string? address, EmergencyContact? emergencyContact) =>
        new(phone.NullIfBlank(), address.NullIfBlank(), emergencyContact?.Trimmed());

    /// <summary>
    /// These details, with what somebody changed elsewhere. What they left alone stays as it is here.
    /// </summary>
    public ContactDetails Follow(ContactDetails before, ContactDetails after) =>
        new(
            before.Phone == after.Phone ? Phone : after.Phone,
            before.Address == after.Address ? Address : after.Address,
            before.EmergencyContact == after.EmergencyContact ? EmergencyContact : after.EmergencyContact
        );

    /// <summary>Which details are others now. The audit holds no values of patients, so neither is here.</summary>
    public IReadOnlyList<AuditChange> ChangesTo(ContactDetails after)
    {
        List<AuditChange> changes = [];
        if (Phone != after.Phone)
            changes.Add(new("phone", null, null));
        if (Address != after.Address)
            changes.Add(new("address", null, null));
        if (EmergencyContact != after.EmergencyContact)
            changes.Add(new("emergencyContact", null, null));
        return changes;
    }
}
