using Practice.Web.Forms;

namespace Practice.Web.Components;

/// <summary>The ids of form fields, for their labels, hints and errors.</summary>
internal static class FieldIds
{
    public static string Of(FormState form, string field) =>
        $"{form.Name}-{field.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal)}";

    public static string? DescribedBy(string id, string? hint, string? error) =>
        (hint, error) switch
        {
            (null, null) => null,
            (_, null) => $"{id}-hint",
            (null, _) => $"{id}-error",
            _ => $"{id}-hint {id}-error",
        };
}
