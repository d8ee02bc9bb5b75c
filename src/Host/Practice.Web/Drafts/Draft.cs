using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Practice.Web.Forms;

namespace Practice.Web.Drafts;

/// <summary>What a person typed into a form of a page, and did not save.</summary>
/// <param name="Page">Its address, as <see cref="AddressOf"/> writes it.</param>
/// <param name="Form">As in the form's <c>@formname</c>.</param>
/// <param name="FormIsGone">Whether the page has this form no more: then the text itself is shown.</param>
internal sealed record Draft(
    Guid Id,
    DateTimeOffset KeptAt,
    string Page,
    string Form,
    IFormCollection Fields,
    bool FormIsGone = false
)
{
    /// <summary>The field, and the query value, that name the draft that a form was filled from.</summary>
    public const string Key = "draft";

    /// <summary>In characters. The longest form, a clinical record, has 20,000.</summary>
    private const int MaxLength = 50_000;

    /// <summary>Besides passwords: what works once, or opens something, or is a file.</summary>
    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "code",
        "credential",
        "attemptId",
        "sharedKey",
        "uri",
        "csv",
    };

    /// <summary>Such as <c>Add record</c>.</summary>
    public string Title =>
        Form.Length > 0 && !Form.Any(char.IsDigit)
            ? $"{char.ToUpperInvariant(Form[0])}{Form[1..].Replace('-', ' ')}"
            : "Form";

    /// <summary>What a person can have typed or chosen, with a name for each field.</summary>
    public IEnumerable<(string Name, string Text)> Texts =>
        from typed in Fields
        where IsTyped(typed.Key)
        from text in typed.Value
        where IsText(text)
        select (NameOf(typed.Key), text);

    /// <summary>The page with the form filled in.</summary>
    public string Address => $"{Page}{(Page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Key}={Id}";

    /// <summary>The page's address, whether or not a form of it is filled from a draft.</summary>
    public static string AddressOf(HttpRequest request) => PageUrl.WithDialog(request, Key, null);

    /// <summary>The last part of the name counts: <c>verify.password</c> is a password.</summary>
    public static bool IsSecret(string field)
    {
        var name = field[(field.LastIndexOf('.') + 1)..];
        return name.EndsWith("password", StringComparison.OrdinalIgnoreCase) || Secrets.Contains(name);
    }

    /// <summary>
    /// What is kept of a posted form; null where nobody typed anything that may be kept, or too much.
    /// </summary>
    public static byte[]? Write(string page, IFormCollection form, bool formIsGone = false)
    {
        var fields = form.Where(field => IsTyped(field.Key))
            .ToDictionary(field => field.Key, field => field.Value.OfType<string>().ToArray());
        var typed = fields.Sum(field => field.Value.Sum(value => (long)value.Length));
        if (typed is 0 or > MaxLength || form.Files.Count > 0)
            return null;
        if (formIsGone && !fields.Any(field => field.Value.Any(IsText)))
            return null; // a button was pressed
        if (form.TryGetValue("version", out var version)) // so that nobody overwrites a change that they did not see
            fields["version"] = [version.ToString()];
        if (form.TryGetValue(FormAttempt.Field, out var attempt)) // so that what was saved after all is not saved twice
            fields[FormAttempt.Field] = [attempt.ToString()];
        return JsonSerializer.SerializeToUtf8Bytes(new Content(page, form["_handler"].ToString(), fields, formIsGone));
    }

    public static Draft Read(StoredDraft stored)
    {
        var content = JsonSerializer.Deserialize<Content>(stored.Content)!;
        return new Draft(
            stored.Id,
            stored.KeptAt,
            content.Page,
            content.Form,
            new FormCollection(content.Fields.ToDictionary(field => field.Key, field => new StringValues(field.Value))),
            content.FormIsGone
        );
    }

    private static bool IsTyped(string field) =>
        field is not ("version" or Key) && !field.StartsWith('_') && !IsSecret(field);

    /// <summary>Not an id, which is a hidden field or a choice, nor a tick.</summary>
    private static bool IsText([NotNullWhen(true)] string? value) =>
        !string.IsNullOrWhiteSpace(value) && !Guid.TryParse(value, out _) && value is not ("true" or "false" or "on");

    /// <summary><c>details.dateOfBirth</c> is <c>Date of birth</c>.</summary>
    private static string NameOf(string field)
    {
        var name = field[(field.LastIndexOf('.') + 1)..];
        var words = string.Concat(
            name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}")
        );
        return words.Length == 0 ? "Text" : $"{char.ToUpperInvariant(words[0])}{words[1..]}";
    }

    /// <param name="FormIsGone">Drafts of older versions do not have it.</param>
    private sealed record Content(
        string Page,
        string Form,
        Dictionary<string, string[]> Fields,
        bool FormIsGone = false
    );
}
