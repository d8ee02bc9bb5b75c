using System.Globalization;
using System.Text.RegularExpressions;

namespace Practice.Groups.Domain;

/// <summary>The number under which a practice pays tax. In Australia it is an ABN, which has check digits.</summary>
internal static partial class BusinessNumbers
{
    public const int MaxLength = 40;

    private const string AustralianZones = "Australia/";

    /// <summary>The weights and the divisor of an ABN’s check digits, by the Australian Business Register.</summary>
    private static readonly int[] Weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];

    private const int Divisor = 89;

    /// <summary>Whether a practice with a location in this time zone is Australian.</summary>
    public static bool IsAustralian(string timeZone) => timeZone.StartsWith(AustralianZones, StringComparison.Ordinal);

    public static bool IsPlausible(string number) => Plausible().IsMatch(number.Trim());

    /// <summary>The ABN as it is written, such as <c>51 824 753 556</c>; null for what is none.</summary>
    public static string? Abn(string text)
    {
        var digits = string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
        if (digits.Length != Weights.Length || !digits.All(char.IsAsciiDigit))
            return null;
        // The first digit counts one less.
        var sum = Weights.Select((weight, at) => weight * (digits[at] - '0' - (at == 0 ? 1 : 0))).Sum();
        return sum % Divisor == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{digits[..2]} {digits[2..5]} {digits[5..8]} {digits[8..]}")
            : null;
    }

    /// <summary>Letters, digits and what stands between them, with a digit among them.</summary>
    [GeneratedRegex(@"^(?=.*\p{Nd})[\p{L}\p{Nd}][\p{L}\p{Nd} ./&-]*\z")]
    private static partial Regex Plausible();
}
