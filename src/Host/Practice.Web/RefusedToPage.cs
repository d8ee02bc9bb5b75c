using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Practice.Client;
using Practice.Web.Pages;

namespace Practice.Web;

/// <summary>What the API refuses while a page is made becomes a page that says so; a session that is over leads to the sign-in.</summary>
internal sealed class RefusedToPage : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (PracticeWeb.IsApi(httpContext.Request.Path))
            return false;
        switch (exception)
        {
            case ApiRefusedException { Status: HttpStatusCode.Unauthorized }:
                await httpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                httpContext.Response.Redirect($"/sign-in?ended&to={Uri.EscapeDataString(Here(httpContext))}");
                return true;
            case ApiRefusedException { Code: "groups.two_factor_required" }:
                httpContext.Response.Redirect($"/security?asked&to={Uri.EscapeDataString(Here(httpContext))}");
                return true;
            case ApiRefusedException { Code: "users.password_change_required" }:
                httpContext.Response.Redirect("/change-password");
                return true;
            case ApiRefusedException refused:
                await WriteAsync(httpContext, (int)refused.Status, refused.Sentence);
                return true;
            case AntiforgeryValidationException:
                await WriteAsync(
                    httpContext,
                    StatusCodes.Status400BadRequest,
                    "This form was open for too long, or in another session. Go back, reload the page and send it again."
                );
                return true;
            case HttpRequestException or TaskCanceledException when !httpContext.RequestAborted.IsCancellationRequested:
                await WriteAsync(
                    httpContext,
                    StatusCodes.Status503ServiceUnavailable,
                    "This can't be reached just now. Try again in a moment."
                );
                return true;
            default:
                return false;
        }
    }

    /// <summary>Where to come back to. A page's form is sent to the page itself; what is no page can't be come back to.</summary>
    private static string Here(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        || http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<ComponentTypeMetadata>()
            is not null
            ? http.Request.Path + http.Request.QueryString
            : "/";

    /// <summary>A whole page about a status, in place of the one asked for. The one that failed may have begun to be made: this one begins anew.</summary>
    public static async Task WriteAsync(HttpContext http, int status, string? sentence = null)
    {
        await using var scope = http.RequestServices.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(
            scope.ServiceProvider,
            scope.ServiceProvider.GetRequiredService<ILoggerFactory>()
        );
        var page = await renderer.Dispatcher.InvokeAsync(async () =>
            (
                await renderer.RenderComponentAsync<StatusPage>(
                    ParameterView.FromDictionary(
                        new Dictionary<string, object?>
                        {
                            [nameof(StatusPage.Status)] = status,
                            [nameof(StatusPage.Sentence)] = sentence,
                            [nameof(StatusPage.Start)] = http.Request.Path.StartsWithSegments("/portal")
                                ? "/portal"
                                : "/",
                        }
                    )
                )
            ).ToHtmlString()
        );
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(page, http.RequestAborted);
    }
}
