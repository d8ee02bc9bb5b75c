namespace Practice.Shared.Persistence;

/// <summary>
/// How text is ordered and lower-cased, the same on every server, whatever locale its cluster was made with.
/// </summary>
public static class Collations
{
    /// <summary>
    /// Unicode's own order: "Évora" before "Zola", "apple" before "Zebra". In every PostgreSQL that was built with ICU,
    /// as all packages are.
    /// </summary>
    public const string AsPeopleSort = "und-x-icu";

    /// <summary>By code point: for text that is folded already, where one order must hold on every server.</summary>
    public const string ByCodePoint = "C";
}
