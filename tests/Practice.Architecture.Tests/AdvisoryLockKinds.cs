using System.Reflection;
using System.Text.RegularExpressions;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>
/// Kinds of advisory locks are in <see cref="AdvisoryLocks"/>, each with a number of its own: with a number of its own
/// choice a module could wait for another without knowing it.
/// </summary>
public sealed partial class AdvisoryLockKinds
{
    /// <summary>Numbers with two kinds, from before the kinds were listed: their keys are never the same.</summary>
    private static readonly long[] Shared = [3, 5];

    /// <summary>In SQL functions, which cannot name a constant.</summary>
    private static readonly long[] InFunctions = [7];

    [Fact]
    public void No_source_has_a_number_of_its_own() => Rule.Holds(Sources(Codebase.Real), Numbers);

    [Fact]
    public void A_number_of_its_own_is_caught() =>
        Rule.Catches(Sources(Codebase.Bad), Numbers, "Slices.cs locks by a number of its own");

    [Fact]
    public void Each_kind_has_a_number_of_its_own()
    {
        var numbers = typeof(AdvisoryLocks)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (long)field.GetRawConstantValue()!)
            .ToList();
        Assert.NotEmpty(numbers);
        Assert.Equal(
            Shared,
            numbers.GroupBy(number => number).Where(kinds => kinds.Count() > 1).Select(kinds => kinds.Key)
        );
        Assert.Empty(numbers.Intersect(InFunctions));
    }

    /// <summary>Migrations stay as they were applied.</summary>
    private static IEnumerable<string> Sources(Codebase code) =>
        Directory
            .EnumerateFiles(Path.Combine(code.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin" or "Migrations")
            );

    private static IEnumerable<string> Numbers(string file)
    {
        if (Number().IsMatch(File.ReadAllText(file)))
            yield return $"{Path.GetFileName(file)} locks by a number of its own";
    }

    [GeneratedRegex(@"\bpg_(try_)?advisory\w*\(\s*(hashtextextended\(.*,\s*)?\d|\bhashtextextended\(.*,\s*\d")]
    private static partial Regex Number();
}
