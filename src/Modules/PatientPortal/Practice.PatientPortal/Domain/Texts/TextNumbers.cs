using PhoneNumbers;

namespace Practice.PatientPortal.Domain.Texts;

/// <summary>Phone numbers as people type them, for a gateway.</summary>
internal static class TextNumbers
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// The number in E.164, such as <c>+61491570006</c>; null if it is none, one of another region, or one that
    /// receives no texts.
    /// </summary>
    /// <param name="region">The operator's <see cref="PortalOptions.PhoneRegion"/>: texts abroad cost more.</param>
    public static string? Find(string? typed, string region)
    {
        if (typed is null)
            return null;
        try
        {
            var number = Numbers.Parse(typed, region);
            return Numbers.IsValidNumberForRegion(number, region) && ReceivesTexts(number)
                ? Numbers.Format(number, PhoneNumberFormat.E164)
                : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static bool ReceivesTexts(PhoneNumber number) =>
        Numbers.GetNumberType(number)
            is PhoneNumberType.MOBILE
                or PhoneNumberType.FIXED_LINE_OR_MOBILE
                or PhoneNumberType.PERSONAL_NUMBER
                or PhoneNumberType.VOIP;
}
