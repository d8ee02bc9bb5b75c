namespace Practice.Bad;

/// <summary>Rule 1: lies outside the module, and is compiled into it as if another module's file were.</summary>
internal static class Elsewhere
{
    public static string Name() => nameof(Elsewhere);
}
