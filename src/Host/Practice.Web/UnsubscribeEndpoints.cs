using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Client;

namespace Practice.Web;

/// <summary>
/// Unsubscribing with one click in a mail program (RFC 8058): it posts <c>List-Unsubscribe=One-Click</c>, has no
/// cookies, and wants neither a redirect nor a page. The token in the address is all the proof there is.
/// </summary>
internal static class UnsubscribeEndpoints
{
    private const string Path = "/unsubscribe/one-click";
    private const string Field = "List-Unsubscribe";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Path, PostAsync).ExcludeFromDescription();
        // A mail program without one click opens the address in a browser. Scanners do too, so a page asks first.
        app.MapMethods(Path, ["GET", "HEAD"], (HttpRequest request) =>
                Results.LocalRedirect($"/unsubscribe{request.QueryString}")
            )
            .ExcludeFromDescription();
    }

    public static EmailCategory? CategoryOf(HttpRequest request) =>
        Enum.TryParse<EmailCategory>(request.Query["category"], ignoreCase: true, out var category)
        && Enum.IsDefined(category)
            ? category
            : null;

    private static async Task<bool> IsOneClickAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType
                && (await request.ReadFormAsync(request.HttpContext.RequestAborted))[Field] == "One-Click";
        }
        catch (InvalidDataException) // it is no form
        {
            return false;
        }
    }

    private static async Task<IResult> PostAsync(HttpContext http, PracticeApi api)
    {
        var request = http.Request;
        if (!await IsOneClickAsync(request))
            return Results.Text($"Send {Field}=One-Click.", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            await api.UnsubscribeAsync(
                new UnsubscribeInput { Token = request.Query["token"], Category = CategoryOf(request) }
            );
            return Results.Text("You are unsubscribed.");
        }
        catch (ApiProblemException problem)
        {
            return Results.Text(problem.Message, statusCode: (int)problem.Status);
        }
    }
}
