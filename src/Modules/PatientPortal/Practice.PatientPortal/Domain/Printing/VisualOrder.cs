using System.Globalization;
using System.Text;

namespace Practice.PatientPortal.Domain.Printing;

/// <summary>
/// Text in the order in which its letters are drawn, from left to right: Hebrew and Arabic are turned round, and Arabic
/// letters are joined. Enough for names and addresses; digits and words of other scripts within them keep their order.
/// </summary>
internal static class VisualOrder
{
    private const char Lam = 'ل';

    /// <summary>
    /// Letters with the first of their forms: isolated, final, and where there are four, initial, medial.
    /// </summary>
    private static readonly Dictionary<char, (char Isolated, bool JoinsNext)> Forms = Table(
        "آ\uFE81 أ\uFE83 ؤ\uFE85 إ\uFE87 ا\uFE8D ة\uFE93 د\uFEA9 ذ\uFEAB ر\uFEAD ز\uFEAF و\uFEED ى\uFEEF ژ\uFB8A",
        "ئ\uFE89 ب\uFE8F ت\uFE95 ث\uFE99 ج\uFE9D ح\uFEA1 خ\uFEA5 س\uFEB1 ش\uFEB5 ص\uFEB9 ض\uFEBD ط\uFEC1 ظ\uFEC5 "
            + "ع\uFEC9 غ\uFECD ف\uFED1 ق\uFED5 ك\uFED9 ل\uFEDD م\uFEE1 ن\uFEE5 ه\uFEE9 ي\uFEF1 پ\uFB56 چ\uFB7A ک\uFB8E "
            + "گ\uFB92 ی\uFBFC"
    );

    /// <summary>Lam and one of these are one letter; its final form is the next code point.</summary>
    private static readonly Dictionary<char, char> LamAlef = new()
    {
        ['آ'] = '\uFEF5',
        ['أ'] = '\uFEF7',
        ['إ'] = '\uFEF9',
        ['ا'] = '\uFEFB',
    };

    public static string Of(string text)
    {
        var joined = Joined(text);
        if (!joined.Any(letter => IsStrong(letter) && IsRightToLeft(letter)))
            return joined;
        var parts = Parts(joined);
        // What the text begins with decides where it begins.
        if (IsRightToLeft(joined.First(IsStrong)))
            parts.Reverse();
        return string.Concat(parts.Select(part => part.Turned ? Turn(part.Text) : part.Text));
    }

    /// <summary>Runs of one direction. Spaces and signs between two letters of one direction belong to both.</summary>
    private static List<(string Text, bool Turned)> Parts(string text)
    {
        var parts = new List<(string Text, bool Turned)>();
        var (current, waiting) = (new StringBuilder(), new StringBuilder());
        var turned = IsRightToLeft(text.First(IsStrong));
        foreach (var letter in text)
        {
            if (!IsStrong(letter))
            {
                waiting.Append(letter);
                continue;
            }

            if (IsRightToLeft(letter) != turned)
            {
                parts.Add((current.ToString(), turned));
                parts.Add((waiting.ToString(), false));
                current.Clear();
                waiting.Clear();
                turned = !turned;
            }

            current.Append(waiting).Append(letter);
            waiting.Clear();
        }

        // What ends the text ends its last word, where both run in the direction of the whole.
        if (turned && IsRightToLeft(text.First(IsStrong)))
            return [.. parts, (current.Append(waiting).ToString(), true)];
        return [.. parts, (current.ToString(), turned), (waiting.ToString(), false)];
    }

    private static string Turn(string text)
    {
        var letters = new List<string>();
        var each = StringInfo.GetTextElementEnumerator(text);
        while (each.MoveNext())
            letters.Add(each.GetTextElement());
        letters.Reverse();
        return string.Concat(
            letters.Select(letter => letter is ['(' or ')' or '[' or ']'] ? Mirror(letter[0]) : letter)
        );
    }

    private static string Mirror(char bracket) =>
        bracket switch
        {
            '(' => ")",
            ')' => "(",
            '[' => "]",
            _ => "[",
        };

    /// <summary>Arabic letters in the form that their neighbours ask for. Vowel marks are left out.</summary>
    private static string Joined(string text)
    {
        var letters = text.Where(letter => letter is not ((>= '\u064B' and <= '\u065F') or '\u0670')).ToList();
        var joined = new StringBuilder();
        for (var at = 0; at < letters.Count; at++)
        {
            if (!Forms.TryGetValue(letters[at], out var form))
            {
                joined.Append(letters[at]);
                continue;
            }

            var fromBefore = at > 0 && Forms.TryGetValue(letters[at - 1], out var before) && before.JoinsNext;
            if (letters[at] == Lam && at + 1 < letters.Count && LamAlef.TryGetValue(letters[at + 1], out var both))
            {
                joined.Append((char)(both + (fromBefore ? 1 : 0)));
                at++;
                continue;
            }

            var toNext = form.JoinsNext && at + 1 < letters.Count && Forms.ContainsKey(letters[at + 1]);
            joined.Append((char)(form.Isolated + (toNext ? 2 : 0) + (fromBefore ? 1 : 0)));
        }

        return joined.ToString();
    }

    private static Dictionary<char, (char, bool)> Table(string joinsBefore, string joinsBoth) =>
        joinsBefore
            .Split(' ')
            .Select(pair => (pair, false))
            .Concat(joinsBoth.Split(' ').Select(pair => (pair, true)))
            .ToDictionary(one => one.pair[0], one => (one.pair[1], one.Item2));

    private static bool IsRightToLeft(char letter) =>
        letter
            is (>= '\u0590' and <= '\u08FF' and not (>= '٠' and <= '٩'))
                or (>= '\uFB1D' and <= '\uFDFF')
                or (>= '\uFE70' and <= '\uFEFC');

    private static bool IsStrong(char letter) => IsRightToLeft(letter) || char.IsLetterOrDigit(letter);
}
