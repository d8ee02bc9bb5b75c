using FluentValidation;
using Microsoft.Extensions.Options;
using PhoneNumbers;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>
/// What phone numbers and emergency contacts must look like, at the practice and in the portal.
/// </summary>
internal static class ContactRules
{
    private const int MaxPhoneLength = 32;

    /// <summary>A number that can be dialled. Without a country code it is one of the operator's region.</summary>
    public static IRuleBuilderOptions<T, string?> PhoneNumber<T>(
        this IRuleBuilder<T, string?> rule,
        PortalOptions options
    ) =>
        rule.OptionalText(MaxPhoneLength)
            .Must(phone => string.IsNullOrWhiteSpace(phone) || IsPlausible(phone, options.PhoneRegion))
            .WithMessage("Enter a complete phone number. For another country start with +, such as +64 9 887 6986.");

    public static bool IsRegion(string region) =>
        PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(region, StringComparer.Ordinal);

    /// <summary>Valid, not merely possible: letters and missing area codes make a possible number.</summary>
    private static bool IsPlausible(string phone, string region)
    {
        var numbers = PhoneNumberUtil.GetInstance();
        try
        {
            return numbers.IsValidNumber(numbers.Parse(phone, region));
        }
        catch (NumberParseException)
        {
            return false;
        }
    }
}

internal sealed class EmergencyContactValidator : AbstractValidator<EmergencyContact>
{
    public EmergencyContactValidator(IOptions<PortalOptions> options)
    {
        RuleFor(contact => contact.Name).RequiredText(100);
        RuleFor(contact => contact.Phone).PhoneNumber(options.Value).NotEmpty().WithMessage("This field is required.");
        RuleFor(contact => contact.Relation).OptionalText(50);
    }
}
