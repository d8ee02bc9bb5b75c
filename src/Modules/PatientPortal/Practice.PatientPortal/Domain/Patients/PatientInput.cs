using FluentValidation;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>What staff enter about a patient, when they add them and when they change it.</summary>
/// <param name="LocationId">Where the patient is seen.</param>
/// <param name="AcceptDuplicate">It is another person than the patient with the same name and date of birth.</param>
public sealed record PatientInput(
    string? FirstName,
    string? LastName,
    string? Email,
    DateOnly? DateOfBirth,
    Guid? LocationId,
    string? Phone = null,
    bool AcceptDuplicate = false
)
{
    internal void WriteTo(Patient patient) =>
        patient.Describe(FirstName!, LastName!, Email?.Trim(), Phone, DateOfBirth!.Value, LocationId);
}

internal sealed class PatientInputValidator : AbstractValidator<PatientInput>
{
    public PatientInputValidator(TimeProvider clock)
    {
        RuleFor(patient => patient.FirstName).RequiredText(100);
        RuleFor(patient => patient.LastName).RequiredText(100);
        RuleFor(patient => patient.Email).Email().When(patient => patient.Email is not null);
        RuleFor(patient => patient.Phone).OptionalText(40);
        RuleFor(patient => patient.DateOfBirth).DateOfBirth(clock);
    }
}
