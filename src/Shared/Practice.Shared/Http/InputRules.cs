using System.Buffers;
using FluentValidation;
using Practice.Time;

namespace Practice.Shared.Http;

/// <summary>The rules that text from outside must keep, so that every slice says them in the same words.</summary>
public static class InputRules
{
    /// <summary>The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3).</summary>
    private const int MaxEmailLength = 254;

    private const int MaxPostalAddressLength = 500;
    private const int MaxAddressLines = 8;

    private static readonly SearchValues<char> NotInAddresses = SearchValues.Create("<>(),;:\\\"[]");

    /// <summary>
    /// Given, not blank, at most <paramref name="maxLength"/> characters, and none of them a control character.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> RequiredText<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.NotEmpty().WithMessage("This field is required.").OptionalText(maxLength);

    /// <summary>
    /// At most <paramref name="maxLength"/> characters, where given, and none of them a control character.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> OptionalText<T>(this IRuleBuilder<T, string?> rule, int maxLength) =>
        rule.MaximumLength(maxLength)
            .WithMessage($"At most {maxLength} characters.")
            .Must(text => text is null || !text.Any(IsControlOrLineBreak))
            .WithMessage("Control characters are not allowed.");

    /// <summary>As <see cref="RequiredText{T}"/>, but tabs and line breaks are allowed.</summary>
    public static IRuleBuilderOptions<T, string?> RequiredMultilineText<T>(
        this IRuleBuilder<T, string?> rule,
        int maxLength
    ) => rule.NotEmpty().WithMessage("This field is required.").OptionalMultilineText(maxLength);

    /// <summary>
    /// As <see cref="OptionalText{T}"/>, but tabs and line breaks are allowed: for every text that pages ask for in a
    /// box of several lines. A line break counts as one character (<see cref="InputText.CleanLines"/>).
    /// </summary>
    public static IRuleBuilderOptions<T, string?> OptionalMultilineText<T>(
        this IRuleBuilder<T, string?> rule,
        int maxLength
    ) =>
        rule.MaximumLength(maxLength)
            .WithMessage($"At most {maxLength} characters.")
            .Must(text => text is null || !text.Any(IsControlOtherThanSpace))
            .WithMessage("Control characters are not allowed, except tabs and line breaks.");

    /// <summary>The address of a patient or a practice. An invoice shows both on its first page.</summary>
    public static IRuleBuilderOptions<T, string?> PostalAddress<T>(this IRuleBuilder<T, string?> rule) =>
        rule.OptionalMultilineText(MaxPostalAddressLength)
            .Must(address => address is null || address.Trim().Split('\n').Length <= MaxAddressLines)
            .WithMessage($"Enter at most {MaxAddressLines} lines.");

    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) =>
        rule.RequiredText(MaxEmailLength)
            .MustBe(
                text => string.IsNullOrWhiteSpace(text) || IsEmail(text.Trim()),
                new SchemaFacts { Format = "email" }
            )
            .WithMessage("This is not an email address.");

    /// <summary>
    /// The address of an account, which may be older than the rules of <see cref="Email{T}"/>.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> EmailOfAccount<T>(this IRuleBuilder<T, string?> rule) =>
        rule.RequiredText(MaxEmailLength)
            .Must(text => string.IsNullOrWhiteSpace(text) || HasParts(text.Trim()))
            .WithMessage("This is not an email address.");

    /// <summary>Given, and an IANA time zone that this machine knows.</summary>
    public static IRuleBuilderOptions<T, string?> TimeZone<T>(this IRuleBuilder<T, string?> rule) =>
        rule.RequiredText(64)
            .Must(name => string.IsNullOrWhiteSpace(name) || ZoneNames.IsIana(name))
            .WithMessage("Choose a time zone, such as Australia/Melbourne.");

    /// <summary>Given, rather than absent or null.</summary>
    public static IRuleBuilderOptions<T, TValue?> Required<T, TValue>(this IRuleBuilder<T, TValue?> rule) =>
        rule.NotNull().WithMessage("This field is required.");

    private static bool IsControlOrLineBreak(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029';

    private static bool IsControlOtherThanSpace(char character) =>
        char.IsControl(character) && character is not ('\n' or '\r' or '\t');

    private static bool IsEmail(string address) =>
        HasParts(address)
        && !InputText.HasInvisible(address)
        && EmailAddress.IsDomain(address[(address.LastIndexOf('@') + 1)..]);

    private static bool HasParts(string address)
    {
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return at > 0
            && at == address.LastIndexOf('@')
            && at < address.Length - 1
            && !address.Any(char.IsWhiteSpace)
            && !address.AsSpan().ContainsAny(NotInAddresses)
            && !address.StartsWith('.')
            && !address.EndsWith('.')
            && !address.Contains("..", StringComparison.Ordinal)
            && address[at - 1] != '.'
            && address[at + 1] is not ('.' or '-');
    }
}
