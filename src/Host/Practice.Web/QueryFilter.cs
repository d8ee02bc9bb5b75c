using System.Globalization;
using System.Net;
using Practice.Client;

namespace Practice.Web;

/// <summary>
/// A filter of a page's address, for a call of the API. A value that is none is answered as the API would: the page
/// says that the address is wrong, and does not show everything instead.
/// </summary>
internal static class QueryFilter
{
    public static Guid? Id(string? text) =>
        Read(text, static (string sent, out Guid id) => System.Guid.TryParse(sent, out id));

    public static DateOnly? Day(string? text) =>
        Read(text, static (string sent, out DateOnly day) =>
            DateOnly.TryParseExact(sent, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        );

    public static DateTimeOffset? Moment(string? text) =>
        Read(text, static (string sent, out DateTimeOffset moment) =>
            DateTimeOffset.TryParseExact(
                sent,
                Moments,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out moment
            )
        );

    public static T? OneOf<T>(string? text)
        where T : struct, Enum =>
        Read(text, static (string sent, out T value) =>
            Enum.TryParse(sent, ignoreCase: true, out value) && !char.IsAsciiDigit(sent[0])
        );

    /// <summary>As RFC 3339 writes them, with seconds or without.</summary>
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    private delegate bool TryParse<T>(string text, out T value);

    private static T? Read<T>(string? text, TryParse<T> parse)
        where T : struct =>
        string.IsNullOrEmpty(text) ? null
        : parse(text, out var value) ? value
        : throw new ApiProblemException(
            HttpStatusCode.BadRequest,
            new ProblemDetails { Code = "request.invalid", Detail = "This address has a filter with a wrong value." }
        );
}
