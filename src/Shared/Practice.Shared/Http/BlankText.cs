namespace Practice.Shared.Http;

public static class BlankText
{
    /// <summary>The text without surrounding space. A field that a form leaves blank counts as absent.</summary>
    public static string? NullIfBlank(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
