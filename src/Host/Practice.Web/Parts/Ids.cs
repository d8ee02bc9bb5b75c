using Practice.Web.Forms;

namespace Practice.Web.Parts;

/// <summary>Ids in the page of a form's fields, so that labels, hints and errors find them.</summary>
internal static class Ids
{
    public static string Of(FormState form, string field) =>
        $"{form.Name}-{field.Replace('.', '-').Replace("[", "-", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)}";

    public static string? DescribedBy(string id, string? hint, string? error) =>
        (hint, error) switch
        {
            (null, null) => null,
            (_, null) => $"{id}-hint",
            (null, _) => $"{id}-error",
            _ => $"{id}-hint {id}-error",
        };
}
