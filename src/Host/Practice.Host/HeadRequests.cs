using Practice.Web;

namespace Practice.Host;

/// <summary>
/// Answers HEAD as GET, without the body (RFC 9110, 9.3.2): with its status, its headers and its authorization. Pages
/// answer it themselves.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Before routing.</summary>
    public static Task AnswerAsync(HttpContext http, RequestDelegate next) =>
        HttpMethods.IsHead(http.Request.Method) && PracticeWeb.IsApi(http.Request.Path)
            ? AnswerAsGetAsync(http, next)
            : next(http);

    private static async Task AnswerAsGetAsync(HttpContext http, RequestDelegate next)
    {
        var body = http.Response.Body;
        http.Request.Method = HttpMethods.Get;
        http.Response.Body = Stream.Null;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
            http.Request.Method = HttpMethods.Head; // so that the server ends the answer after its headers
        }
    }
}
