using System.Text.Json;
using ErrorOr;

namespace Practice.Shared.Http;

/// <summary>Filters of a list, as sent in the query string: read strictly, so that a misspelt one is refused rather than ignored.</summary>
public static class QueryText
{
    /// <summary>One of the enum's names in camelCase, or nothing.</summary>
    public static ErrorOr<T?> OneOf<T>(string field, string? sent)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(sent))
            return (T?)null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) == sent)
                return value;
        }

        return Refusals.InvalidField(field, $"One of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");
    }

    /// <summary>Text to search for, at most <paramref name="longest"/> characters, none of them a control character.</summary>
    public static ErrorOr<string?> Search(string field, string? sent, int longest = 100) =>
        sent is null || (sent.Length <= longest && !sent.Any(char.IsControl))
            ? string.IsNullOrWhiteSpace(sent) ? (string?)null : sent.Trim()
            : Refusals.InvalidField(field, $"At most {longest} characters, and no control characters.");
}
