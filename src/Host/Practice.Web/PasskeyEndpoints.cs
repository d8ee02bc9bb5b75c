using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Practice.Client;

namespace Practice.Web;

/// <summary>
/// Challenges for the browser's passkeys. The script posts the page's form for one, has the browser answer it, and then
/// submits the form with the answer.
/// </summary>
internal static class PasskeyEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-in/passkey", (HttpContext http, IAntiforgery antiforgery, PracticeApi api) =>
                ChallengeAsync(http, antiforgery, () => api.BeginPasskeySignInAsync())
            )
            .ExcludeFromDescription();
        app.MapPost("/security/passkey", (HttpContext http, IAntiforgery antiforgery, PracticeApi api) =>
                ChallengeAsync(http, antiforgery, () => api.BeginAddingPasskeyAsync())
            )
            .RequireAuthorization()
            .ExcludeFromDescription();
        app.MapPost("/confirm/passkey", (HttpContext http, IAntiforgery antiforgery, PracticeApi api) =>
                ChallengeAsync(http, antiforgery, () => api.BeginPasskeyVerificationAsync())
            )
            .RequireAuthorization()
            .ExcludeFromDescription();
    }

    /// <summary>The browser's answer, from the form; null if it is none.</summary>
    public static JsonElement? Parse(string? credential)
    {
        try
        {
            return credential is null ? null : JsonSerializer.Deserialize<JsonElement>(credential);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<IResult> ChallengeAsync(
        HttpContext http,
        IAntiforgery antiforgery,
        Func<Task<ApiAnswer<PasskeyChallenge>>> begin
    )
    {
        await antiforgery.ValidateRequestAsync(http);
        try
        {
            return Results.Json((await begin()).Result);
        }
        catch (ApiProblemException problem)
        {
            var url = problem.Code == "auth.verification_required" ? "/confirm?again&to=%2Fsecurity" : null;
            return Results.Json(new { problem.Message, url }, statusCode: (int)problem.Status);
        }
    }
}
