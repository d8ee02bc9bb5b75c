using Microsoft.Net.Http.Headers;

namespace Practice.Shared.Fhir;

/// <summary>What a caller says about the answer (https://hl7.org/fhir/R4/http.html).</summary>
public static class FhirHeaders
{
    internal const string MediaType = "application/fhir+json";
    private const string Version = "4.0";

    private static readonly string[] Json = [MediaType, "application/json", "text/json"];

    /// <summary>
    /// Whether the caller takes JSON of R4, by <c>_format</c> or else by <c>Accept</c>. XML is not offered.
    /// </summary>
    public static bool TakesJson(HttpRequest request)
    {
        if (request.Query["_format"].ToString() is { Length: > 0 } format)
            return format == "json"
                // A plus sign in an address means a blank.
                || (MediaTypeHeaderValue.TryParse(format.Replace(' ', '+'), out var asked) && IsJson(asked));
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Count == 0
            || accepted.Any(type =>
                type.Quality is not 0
                && (type.MatchesAllTypes || type.MatchesAllSubTypes && type.Type == "application" || IsJson(type))
            );
    }

    /// <summary>
    /// Whether a search parameter that the server does not know is an error: by default it is ignored. The value may be
    /// in quotes (RFC 7240).
    /// </summary>
    internal static bool IsStrict(HttpRequest request) =>
        request
            .Headers["Prefer"]
            .SelectMany(value => (value ?? "").Split([',', ';'], StringSplitOptions.TrimEntries))
            .Select(preference => preference.Replace("\"", "", StringComparison.Ordinal))
            .Contains("handling=strict", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the caller has the resource as it is.</summary>
    internal static bool HasCurrent(HttpRequest request, EntityTagHeaderValue tag, DateTimeOffset changed)
    {
        var headers = request.GetTypedHeaders();
        return headers.IfNoneMatch.Count > 0
            ? headers.IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            : headers.IfModifiedSince is { } since && Seconds(changed) <= since;
    }

    /// <summary>Headers have no fractions of seconds.</summary>
    internal static DateTimeOffset Seconds(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    private static bool IsJson(MediaTypeHeaderValue type) =>
        Json.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
        && type.Parameters.Where(parameter => parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase))
            .All(parameter => parameter.Value == Version);
}
