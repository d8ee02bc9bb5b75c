using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Practice.Client;

namespace Practice.Web;

internal static class FileAnswers
{
    /// <summary>A file of the API, passed on part by part as it comes.</summary>
    public static IResult PassOn(HttpContext http, FileResponse file)
    {
        http.Response.RegisterForDispose(file);
        foreach (var name in new[] { HeaderNames.CacheControl, HeaderNames.ContentDisposition })
            http.Response.Headers[name] = file.Headers[name].First();
        // What is written while it is sent has no length.
        if (file.Headers.TryGetValue(HeaderNames.ContentLength, out var length))
            http.Response.Headers.ContentLength = long.Parse(length.First(), CultureInfo.InvariantCulture);
        return Results.Stream(file.Stream, file.Headers[HeaderNames.ContentType].First());
    }
}
