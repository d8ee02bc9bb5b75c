using System.Globalization;
using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary><c>docs/asvs.md</c> is complete, counts right, and names no evidence that does not exist.</summary>
public sealed partial class AsvsTests
{
    /// <summary>How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has, from V1 to V17.</summary>
    private static readonly int[] InChapter = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Checkout.Folder, "docs", "asvs.md"));

    private static readonly List<Row> Rows = [.. Lines.Where(line => StartsLikeARow().IsMatch(line)).Select(Read)];

    /// <summary>The sources of each type: a partial one has several.</summary>
    private static readonly Lazy<ILookup<string, string>> Sources = new(() =>
        new[] { "src", "tests" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Checkout.Folder, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Where(file => !InBuildFolder().IsMatch(file) && Path.GetFileName(file) != $"{nameof(AsvsTests)}.cs")
            .Select(File.ReadAllText)
            .SelectMany(source => Type().Matches(source).Select(type => (Name: type.Groups[1].Value, source)))
            .ToLookup(type => type.Name, type => type.source)
    );

    [Fact]
    public void Each_requirement_is_there_once()
    {
        Assert.Equal(Rows.Count, Rows.Select(row => row.Id).Distinct().Count());
        Assert.Equal(
            InChapter,
            Enumerable.Range(1, InChapter.Length).Select(chapter => Rows.Count(row => row.Chapter == chapter))
        );
        Assert.Equal((70, 183), (Rows.Count(row => row.Level == 1), Rows.Count(row => row.Level == 2)));
    }

    [Fact]
    public void The_counts_are_those_of_the_tables()
    {
        Assert.Contains(
            $"{Count("met")} met, {Count("partly")} partly, {Count("not met")} not met, "
                + $"{Count("does not apply")} not applicable.",
            Lines
        );

        static string Count(string verdict) =>
            Rows.Count(row => row.Verdict == verdict).ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public void What_is_not_met_is_listed_with_what_is_done_about_it() =>
        Assert.Equal(
            Rows.Where(row => row.Verdict == "not met").Select(row => row.Id),
            Lines
                .Where(line => line.StartsWith("- **", StringComparison.Ordinal))
                .SelectMany(line => line["- **".Length..line.IndexOf("** ", StringComparison.Ordinal)].Split(", "))
        );

    [Fact]
    public void All_evidence_exists() =>
        Assert.Equal(
            [],
            Rows.SelectMany(row => row.Evidence.Where(name => !Exists(name)).Select(name => $"{row.Id}: {name}"))
        );

    [Fact]
    public void A_verdict_about_something_that_is_there_has_evidence() =>
        Assert.Equal(
            [],
            Rows.Where(row => row.Verdict != "does not apply" && row.Evidence.Length == 0).Select(row => row.Id)
        );

    [Theory]
    [InlineData("src/Nowhere.cs")]
    [InlineData("NoSuchTests")]
    [InlineData("ProblemTests.No_such_test")]
    public void What_does_not_exist_is_caught(string name) => Assert.False(Exists(name));

    /// <summary>A file of the repository, a type, or a member of a type.</summary>
    private static bool Exists(string name)
    {
        if (File.Exists(Path.Combine(Checkout.Folder, name)))
            return true;
        if (name.Contains('/', StringComparison.Ordinal))
            return false;

        var parts = name.Split('.');
        return parts.Length <= 2
            && Sources
                .Value[parts[0]]
                .Any(source => parts.Length == 1 || source.Contains($" {parts[1]}(", StringComparison.Ordinal));
    }

    private static Row Read(string line)
    {
        var read = WholeRow().Match(line);
        Assert.True(read.Success, $"Not a row of docs/asvs.md: {line}");
        return new Row(
            read.Groups["id"].Value,
            int.Parse(read.Groups["level"].Value, CultureInfo.InvariantCulture),
            read.Groups["verdict"].Value,
            [.. Quoted().Matches(read.Groups["evidence"].Value).Select(name => name.Groups[1].Value)]
        );
    }

    private sealed record Row(string Id, int Level, string Verdict, string[] Evidence)
    {
        public int Chapter => int.Parse(Id.Split('.')[0], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum)\s+(\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"^\|\s*\d")]
    private static partial Regex StartsLikeARow();

    [GeneratedRegex(
        @"^\| (?<id>\d+\.\d+\.\d+) \| (?<level>[12]) \| [^|]+ \| (?<verdict>met|partly|not met|does not apply) "
            + @"\| [^|]+ \| (?<evidence>[^|]+) \|$"
    )]
    private static partial Regex WholeRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex InBuildFolder();
}
