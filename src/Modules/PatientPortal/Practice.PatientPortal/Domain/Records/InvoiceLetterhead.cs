using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>
/// Who an invoice is from and to, as they were when it was issued: it does not change when a practice moves or a person
/// marries.
/// </summary>
/// <param name="Address">The practice's; may have several lines.</param>
/// <param name="BusinessNumber">The number under which the practice pays tax, such as an ABN.</param>
/// <param name="PractitionerName">Null where the work is nobody's who sees patients.</param>
/// <param name="PatientName">Null, where it is shown, for readers who see only codes.</param>
public sealed record InvoiceLetterhead(
    string PracticeName,
    string? Address,
    string? Phone,
    string? BusinessNumber,
    string? PractitionerName,
    string? RegistrationNumber,
    string? LocationName,
    string? PatientName
)
{
    internal static InvoiceLetterhead Of(
        Patient patient,
        GroupFacts? group,
        MemberFacts? practitioner,
        LocationFacts? location
    ) =>
        new(
            group?.Name ?? patient.PracticeName,
            group?.Address,
            group?.Phone,
            group?.BusinessNumber,
            practitioner is { Practitioner: true } ? practitioner.Name : null,
            practitioner is { Practitioner: true } ? practitioner.RegistrationNumber : null,
            location?.Name,
            $"{patient.FirstName} {patient.LastName}"
        );

    /// <summary>Of an invoice that was issued before these facts were kept: only what is certain.</summary>
    internal static InvoiceLetterhead OfEarlier(Patient patient) => Of(patient, null, null, null);
}
