using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Practice.Web;

/// <summary>Addresses made of the one at hand.</summary>
internal static class Addresses
{
    /// <summary>The same page with one value of its query changed (null: taken out), from the list's start.</summary>
    public static string With(HttpRequest request, string name, string? value)
    {
        var query = new QueryBuilder(
            request
                .Query.Where(pair => pair.Key != name && pair.Key != "after")
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))
        );
        if (value is not null)
            query.Add(name, value);
        return $"{request.Path}{query}";
    }

    /// <summary>The same page with something opened over it, or closed (null): a list stays where it is.</summary>
    public static string Over(HttpRequest request, string name, string? value)
    {
        var query = new QueryBuilder(
            request
                .Query.Where(pair => pair.Key != name)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))
        );
        if (value is not null)
            query.Add(name, value);
        return $"{request.Path}{query}";
    }

    /// <summary>The address if it is one of this site's own, else the other: nobody is sent elsewhere by a link to here.</summary>
    public static string Local(string? address, string otherwise) =>
        address is ['/', .. var rest]
        && (rest.Length == 0 || (rest[0] is not ('/' or '\\')))
        && !address.Any(char.IsControl)
            ? address
            : otherwise;
}
