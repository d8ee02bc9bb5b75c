using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace Practice.Web;

/// <summary>Addresses derived from the current one.</summary>
internal static class PageUrl
{
    /// <summary>
    /// The same page with one query value changed or removed (null). A list starts again at its first page.
    /// </summary>
    public static string WithQuery(HttpRequest request, string name, string? value) =>
        Change(request, name, value, key => key != "after");

    /// <summary>The same page with a dialog opened, or closed (null). A list stays at its page.</summary>
    public static string WithDialog(HttpRequest request, string name, string? value) =>
        Change(request, name, value, _ => true);

    /// <summary>An address of this site as <see cref="WithDialog"/> writes it, without this query value.</summary>
    public static string Without(string address, params string[] names)
    {
        var parts = address.Split('?', 2);
        var query = QueryHelpers
            .ParseQuery(parts.ElementAtOrDefault(1))
            .Where(pair => !names.Contains(pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));
        return $"{parts[0]}{new QueryBuilder(query)}";
    }

    /// <summary>
    /// The address if it belongs to this site, else the fallback: a link to this site must not redirect to another one.
    /// </summary>
    public static string LocalOr(string? address, string fallback) =>
        address is ['/', .. var rest]
        && (rest.Length == 0 || (rest[0] is not ('/' or '\\')))
        && !address.Any(char.IsControl)
            ? InAscii(address)
            : fallback;

    /// <summary>The same address as a header can carry it.</summary>
    private static string InAscii(string address) =>
        string.Concat(
            address
                .EnumerateRunes()
                .Select(rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString()))
        );

    private static string Change(HttpRequest request, string name, string? value, Func<string, bool> keeps)
    {
        var query = new QueryBuilder(
            request
                .Query.Where(pair => pair.Key != name && keeps(pair.Key))
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))
        );
        if (value is not null)
            query.Add(name, value);
        return $"{request.Path}{query}";
    }
}
