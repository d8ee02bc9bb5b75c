using System.Buffers;
using System.Text;
using FluentValidation;
using Practice.Shared.Limits;

namespace Practice.Users.Passwords;

/// <summary>
/// Password rules after NIST SP 800-63B: long enough, not common, and not easy to guess as zxcvbn rates it. There are
/// no composition rules; they only make people write "Password1!".
/// </summary>
internal static class PasswordRules
{
    private const int MinDistinctCharacters = 5;

    /// <summary>Shorter context words are ignored: half of all sentences contain "al".</summary>
    private const int MinContextLength = 4;

    /// <summary>Of zxcvbn's scores from 0 to 4: some 10¹⁰ guesses.</summary>
    private const int MinScore = 3;

    /// <summary>More than this is not rated: the work grows with the square of the length.</summary>
    private const int MaxRatedLength = 48;

    private const string TooCommon =
        "This password is easy to guess. A few unrelated words are hard to guess and easy to remember.";

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private static readonly HashSet<string> CommonWords = ReadCommonWords();

    /// <summary>Made once: it reads long word lists.</summary>
    private static readonly Zxcvbn.Zxcvbn Strength = new();

    public static IRuleBuilderOptions<T, string?> Password<T>(
        this IRuleBuilder<T, string?> rule,
        Func<T, string?[]> context
    ) =>
        rule.MustBe(
                (input, password) => FindProblem(password, context(input)) is null,
                new SchemaFacts
                {
                    Required = true,
                    MinLength = PasswordLength.Min,
                    MaxLength = PasswordLength.Max,
                }
            )
            .WithMessage((input, password) => FindProblem(password, context(input)));

    /// <summary>What is wrong with the password; null if it is accepted.</summary>
    /// <param name="context">The person's email and names: people who know them try these first.</param>
    public static string? FindProblem(string? password, params string?[] context)
    {
        if (string.IsNullOrEmpty(password))
            return "This field is required.";
        if (password.Any(char.IsControl))
            return "Control characters are not allowed.";
        if (password.EnumerateRunes().Count() is var length && length is < PasswordLength.Min or > PasswordLength.Max)
            return $"From {PasswordLength.Min} to {PasswordLength.Max} characters.";
        return IsEasilyGuessed(password, context) ? TooCommon : null;
    }

    private static bool IsEasilyGuessed(string password, string?[] context)
    {
        var plain = Plain(password);
        if (
            WithoutSubstitutions(password).EnumerateRunes().Distinct().Count() < MinDistinctCharacters
            || CommonWords.Contains(plain)
            || CommonPasswords.Contains(password)
        )
            return true;

        // "Password2024!!" is a common word with what composition rules made people add.
        var core = Unrepeated(Plain(TrimToLetters(password)));
        var personal = ContextWords(context).ToList();
        return CommonWords.Contains(core)
            || personal.Any(word => core == word || plain == word)
            || Strength.EvaluatePassword(password[..Math.Min(password.Length, MaxRatedLength)], personal).Score
                < MinScore;
    }

    private static IEnumerable<string> ContextWords(string?[] context) =>
        context
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .SelectMany(text => new[] { Plain(text!), Plain(text!.Split('@')[0]) })
            .Where(word => word.Length >= MinContextLength);

    private static string TrimToLetters(string text)
    {
        var first = text.AsSpan().IndexOfAny(Letters);
        var last = text.AsSpan().LastIndexOfAny(Letters);
        return first < 0 ? text : text[first..(last + 1)];
    }

    /// <summary>Lower case, letters and digits only, with the usual substitutions for letters undone.</summary>
    private static string Plain(string text) => string.Concat(WithoutSubstitutions(text).Where(char.IsLetterOrDigit));

    private static string WithoutSubstitutions(string text) =>
        string.Concat(
            text.ToLowerInvariant()
                .Select(character =>
                    character switch
                    {
                        '@' or '4' => 'a',
                        '3' => 'e',
                        '1' or '!' => 'i',
                        '0' => 'o',
                        '$' or '5' => 's',
                        '7' => 't',
                        _ => character,
                    }
                )
        );

    /// <summary>The word, if the text is one word repeated.</summary>
    private static string Unrepeated(string text)
    {
        for (var size = 1; size <= text.Length / 2; size++)
        {
            if (text.Length % size == 0 && string.Concat(Enumerable.Repeat(text[..size], text.Length / size)) == text)
                return text[..size];
        }

        return text;
    }

    private static HashSet<string> ReadCommonWords() =>
        [
            .. Encoding
                .UTF8.GetString(Resources.Read("common-words.txt"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => !line.StartsWith('#'))
                .Select(Plain),
        ];
}
