using System.Text.RegularExpressions;

namespace Practice.Architecture.Tests;

/// <summary>
/// Lines of C# end at 120. CSharpier sees to code, but it breaks neither comments nor text.
/// </summary>
public sealed partial class LineLength
{
    private const int MaxLength = 120;

    [Fact]
    public void No_line_is_longer_than_120_characters() =>
        Rule.Holds(Files(), file => LongLines(file, File.ReadAllLines(Path.Combine(Checkout.Folder, file))));

    [Fact]
    public void A_long_line_of_code_or_comment_is_caught()
    {
        var word = new string('x', MaxLength);
        Rule.Catches(
            ["sample.cs"],
            file =>
                LongLines(
                    file,
                    [
                        $"// {word}",
                        $"call(\"{word}\");",
                        $"    + $\"{word}\",",
                        "select(",
                        "    $\"\"\"",
                        $"    {word}",
                        "    \"\"\"",
                        $"); // {word}",
                        word,
                    ]
                ),
            "sample.cs:1 is longer than 120 characters",
            "sample.cs:2 is longer than 120 characters",
            "sample.cs:8 is longer than 120 characters"
        );
    }

    private static IEnumerable<string> Files() =>
        new[] { "src", "tests" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Checkout.Folder, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Select(file => Path.GetRelativePath(Checkout.Folder, file).Replace('\\', '/'))
            .Where(file => !Generated().IsMatch(file))
            .Order(StringComparer.Ordinal);

    /// <summary>A line that is nothing but text may be longer, and so may lines of a raw string.</summary>
    private static IEnumerable<string> LongLines(string file, string[] lines)
    {
        var inRawString = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var isText = inRawString || Text().IsMatch(lines[i]);
            inRawString ^= RawStringMarks().Count(lines[i]) % 2 == 1;
            if (lines[i].Length > MaxLength && !isText)
                yield return $"{file}:{i + 1} is longer than {MaxLength} characters";
        }
    }

    /// <summary>Migrations stay as they were written; the other folders hold what builds and tools write.</summary>
    [GeneratedRegex(@"/(bin|obj|Migrations|Internal/Generated|Persistence/Platform)/|\.g\.cs$")]
    private static partial Regex Generated();

    [GeneratedRegex(@"^\s*(\+ )?[$@]*""")]
    private static partial Regex Text();

    [GeneratedRegex(@"""{3,}")]
    private static partial Regex RawStringMarks();
}
