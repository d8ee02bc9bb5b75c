namespace Practice.Architecture.Tests;

/// <summary>
/// How a rule is tested: nothing real breaks it, something was examined, and a sample that breaks it is caught.
/// </summary>
internal static class Rule
{
    /// <param name="violations">How one of the examined breaks the rule, as sentences.</param>
    public static void Holds<T>(IEnumerable<T> examined, Func<T, IEnumerable<string>> violations)
    {
        var all = examined.ToList();
        Assert.NotEmpty(all);
        None(all.SelectMany(violations));
    }

    /// <summary>Fails with every sentence in full.</summary>
    public static void None(IEnumerable<string> violations)
    {
        var found = violations.Distinct().ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    /// <param name="expected">All violations in the sample, in any order.</param>
    public static void Catches<T>(
        IEnumerable<T> examined,
        Func<T, IEnumerable<string>> violations,
        params string[] expected
    ) =>
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            examined.SelectMany(violations).Order(StringComparer.Ordinal)
        );
}
