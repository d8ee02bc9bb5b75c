using Hl7.Fhir.Model;

namespace Practice.Shared.Fhir;

/// <summary>The names of identifiers.</summary>
public static class FhirSystems
{
    /// <summary>Of the number that Ahpra registers a practitioner under: AU Base.</summary>
    public const string Ahpra = "http://hl7.org.au/id/ahpra-registration-number";

    /// <summary>Of a business, in Australia: AU Base.</summary>
    public const string Abn = "http://hl7.org.au/id/abn";

    /// <summary>What stands for a patient's name where names are hidden.</summary>
    public const string PatientCode = "urn:practice-modular:patient-code";

    /// <summary>The number of an invoice, within the practice.</summary>
    public const string InvoiceNumber = "urn:practice-modular:invoice-number";

    /// <summary>The coded list of professions: GET /api/professions.</summary>
    public const string Profession = "urn:practice-modular:profession";

    /// <summary>What an audit entry says was done.</summary>
    public const string AuditAct = "urn:practice-modular:audit-act";
}

/// <summary>People and their addresses, as FHIR writes them (https://hl7.org/fhir/R4/datatypes.html).</summary>
public static class FhirPeople
{
    public static HumanName Name(string? title, string firstName, string lastName) =>
        new()
        {
            Text = string.Join(' ', new[] { title, firstName, lastName }.Where(part => !string.IsNullOrEmpty(part))),
            Family = lastName,
            Given = [firstName],
            Prefix = string.IsNullOrEmpty(title) ? [] : [title],
        };

    public static List<ContactPoint> Telecom(string? phone, string? email)
    {
        List<ContactPoint> telecom = [];
        if (phone is not null)
            telecom.Add(new() { System = ContactPoint.ContactPointSystem.Phone, Value = phone });
        if (email is not null)
            telecom.Add(new() { System = ContactPoint.ContactPointSystem.Email, Value = email });
        return telecom;
    }

    /// <summary>An address is kept as it was typed.</summary>
    public static List<Address> Address(string? address) => address is null ? [] : [new() { Text = address }];
}
