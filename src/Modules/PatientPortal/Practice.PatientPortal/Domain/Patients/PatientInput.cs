using FluentValidation;
using Microsoft.Extensions.Options;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>What staff enter about a patient, when they add them and when they change it.</summary>
/// <param name="LocationId">Where the patient is seen.</param>
/// <param name="AcceptDuplicate">It is another person than the patient who seems to be the same.</param>
public sealed record PatientInput(
    string? FirstName,
    string? LastName,
    string? Email,
    DateOnly? DateOfBirth,
    Guid? LocationId,
    string? Phone = null,
    bool AcceptDuplicate = false,
    string? Address = null,
    Sex? Sex = null,
    EmergencyContact? EmergencyContact = null
)
{
    internal void WriteTo(Patient patient)
    {
        patient.Describe(FirstName!, LastName!, Email?.Trim(), DateOfBirth!.Value, Sex, LocationId);
        patient.Reach(ContactDetails.Of(Phone, Address, EmergencyContact));
    }
}

internal sealed class PatientInputValidator : AbstractValidator<PatientInput>
{
    public PatientInputValidator(TimeProvider clock, IOptions<PortalOptions> options)
    {
        RuleFor(patient => patient.FirstName).RequiredText(100);
        RuleFor(patient => patient.LastName).RequiredText(100);
        RuleFor(patient => patient.Email).Email().When(patient => patient.Email is not null);
        RuleFor(patient => patient.Phone).PhoneNumber(options.Value);
        RuleFor(patient => patient.Address).PostalAddress();
        RuleFor(patient => patient.EmergencyContact!)
            .SetValidator(new EmergencyContactValidator(options))
            .When(patient => patient.EmergencyContact is not null);
        RuleFor(patient => patient.DateOfBirth).DateOfBirth(clock);
    }
}
