using System.Globalization;
using ErrorOr;
using Microsoft.Net.Http.Headers;

namespace Practice.Shared.Http;

/// <summary>A resource's version is its row's <c>xmin</c>; on the wire it is a strong entity tag.</summary>
public static class ETags
{
    public static string Format(uint version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>200 with the resource and its entity tag.</summary>
    public static IResult Ok<T>(HttpContext http, T resource, uint version)
    {
        http.Response.Headers.ETag = Format(version);
        return TypedResults.Ok(resource);
    }

    /// <summary>
    /// 428 without <c>If-Match</c>, 412 where it names another version than <paramref name="current"/>.
    /// </summary>
    public static Error? Check(IfMatch sent, uint current) =>
        sent.Tag is null ? CommonErrors.VersionRequired
        : sent.Tag == "*" || sent.Tag == Format(current) ? null
        : ApiError.VersionChanged(current);
}

/// <summary>
/// The <c>If-Match</c> header as sent: checked where the resource's version is known, after 401, 403 and 404.
/// </summary>
public readonly record struct IfMatch(string? Tag)
{
    public static ValueTask<IfMatch> BindAsync(HttpContext http)
    {
        var sent = http.Request.Headers[HeaderNames.IfMatch].ToString();
        return ValueTask.FromResult(new IfMatch(sent.Length == 0 ? null : sent));
    }
}
