using System.Buffers;
using System.Reflection;
using FluentValidation;

namespace Practice.Users.Passwords;

/// <summary>
/// What a password must be, after NIST SP 800-63B: long enough, and none that is guessed first. No rules of composition,
/// which only make people write "Password1!".
/// </summary>
internal static class PasswordRules
{
    private const int Shortest = 12;
    private const int Longest = 128;

    /// <summary>What 128 characters may take in UTF-16: a limit in units must not refuse a password that was accepted in characters.</summary>
    public const int LongestInUnits = 2 * Longest;

    private const int FewestDifferent = 5;

    /// <summary>A context word shorter than this says nothing: half of all sentences hold "al".</summary>
    private const int ShortestContext = 4;

    private const string TooCommon =
        "This password is easy to guess. A few words that do not belong together are hard to guess and easy to remember.";

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private static readonly HashSet<string> Common = ReadCommon();

    public static IRuleBuilderOptions<T, string?> Password<T>(
        this IRuleBuilder<T, string?> rule,
        Func<T, string?[]> context
    ) =>
        rule.Must((input, password) => WhatIsWrong(password, context(input)) is null)
            .WithMessage((input, password) => WhatIsWrong(password, context(input)));

    /// <summary>What is wrong with it; null where it will do.</summary>
    /// <param name="context">The person's email and names: what somebody who knows them would try first.</param>
    public static string? WhatIsWrong(string? password, params string?[] context)
    {
        if (string.IsNullOrEmpty(password))
            return "This field is required.";
        if (password.Any(char.IsControl))
            return "Control characters are not allowed.";
        if (password.EnumerateRunes().Count() is var length && length is < Shortest or > Longest)
            return $"From {Shortest} to {Longest} characters.";
        return IsEasilyGuessed(password, context) ? TooCommon : null;
    }

    private static bool IsEasilyGuessed(string password, string?[] context)
    {
        var plain = Plain(password);
        if (WithoutStandIns(password).EnumerateRunes().Distinct().Count() < FewestDifferent || Common.Contains(plain))
            return true;

        // "Password2024!!" is the word with the trimmings that composition rules have taught people.
        var core = Repeated(Plain(TrimToLetters(password)));
        return Common.Contains(core) || ContextWords(context).Any(word => core == word || plain == word);
    }

    private static IEnumerable<string> ContextWords(string?[] context) =>
        context
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .SelectMany(text => new[] { Plain(text!), Plain(text!.Split('@')[0]) })
            .Where(word => word.Length >= ShortestContext);

    private static string TrimToLetters(string text)
    {
        var first = text.AsSpan().IndexOfAny(Letters);
        var last = text.AsSpan().LastIndexOfAny(Letters);
        return first < 0 ? text : text[first..(last + 1)];
    }

    /// <summary>Lower case, letters and digits only, with the usual stand-ins for letters undone.</summary>
    private static string Plain(string text) => string.Concat(WithoutStandIns(text).Where(char.IsLetterOrDigit));

    private static string WithoutStandIns(string text) =>
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

    /// <summary>The word, where the text is one word several times over.</summary>
    private static string Repeated(string text)
    {
        for (var size = 1; size <= text.Length / 2; size++)
        {
            if (text.Length % size == 0 && string.Concat(Enumerable.Repeat(text[..size], text.Length / size)) == text)
                return text[..size];
        }

        return text;
    }

    private static HashSet<string> ReadCommon()
    {
        using var stream = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceStream("Practice.Users.Passwords.common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(line => !line.StartsWith('#'))
                .Select(Plain),
        ];
    }
}
