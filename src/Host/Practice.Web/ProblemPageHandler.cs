using System.Data.Common;
using System.Diagnostics;
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
using Practice.Web.Drafts;
using Practice.Web.Pages;

namespace Practice.Web;

/// <summary>
/// Turns API problems during rendering into a page with the message. An ended session redirects to the sign-in page.
/// </summary>
internal sealed class ProblemPageHandler : IExceptionHandler
{
    /// <summary>The call may have been carried out, although its answer did not come.</summary>
    private const string Kept =
        " What you typed is kept. Open the page again, and check whether it was saved before you put it back.";

    /// <summary>It was not carried out, and the form may not come back.</summary>
    private const string Shown = " What you typed is kept: the next page shows it.";

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
            case ApiProblemException { Code: "groups.session_idle" }:
                var again = HttpMethods.IsPost(httpContext.Request.Method) ? "again&" : "";
                await RedirectAsync(httpContext, $"/confirm?{again}");
                return true;
            case ApiProblemException { Status: HttpStatusCode.Unauthorized }:
                var kept = await KeepAsync(httpContext);
                await httpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                httpContext.Response.Redirect(
                    $"/sign-in?ended&{(kept ? "kept&" : "")}to={Uri.EscapeDataString(Here(httpContext))}"
                );
                return true;
            case ApiProblemException { Code: "groups.two_factor_required" }:
                await RedirectAsync(httpContext, "/security?asked&");
                return true;
            case ApiProblemException { Code: "groups.provider_required" } when PracticeOf(httpContext) is { } practice:
                await RedirectAsync(httpContext, $"{practice}/sign-in?");
                return true;
            case ApiProblemException { Code: "auth.verification_required" }:
                await RedirectAsync(httpContext, "/confirm?again&");
                return true;
            case ApiProblemException { Code: "users.password_change_required" }:
                await KeepAsync(httpContext);
                httpContext.Response.Redirect("/change-password");
                return true;
            case ApiProblemException { Status: HttpStatusCode.BadRequest } list
                when list.Errors.ContainsKey("after") && httpContext.Request.Query.ContainsKey("after"):
                // The page that it continued is gone, or another release made the cursor: the first page is close.
                httpContext.Response.Redirect(PageUrl.WithQuery(httpContext.Request, "after", null));
                return true;
            case ApiProblemException problem:
                var later = problem.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
                var said = later ? Kept : Shown;
                var keeps = await KeepAsync(httpContext, formIsGone: !later);
                await WriteAsync(httpContext, (int)problem.Status, problem.Message + (keeps ? said : ""));
                return true;
            case AntiforgeryValidationException:
                await WriteExpiredFormAsync(httpContext);
                return true;
            case HttpRequestException or TaskCanceledException when !httpContext.RequestAborted.IsCancellationRequested:
                await WriteAsync(
                    httpContext,
                    StatusCodes.Status503ServiceUnavailable,
                    "The service is not available at the moment. Try again shortly."
                        + (await KeepAsync(httpContext) ? Kept : "")
                );
                return true;
            default:
                return false;
        }
    }

    /// <summary>To a page that comes back here. What the person typed waits for them.</summary>
    private static async Task RedirectAsync(HttpContext http, string page)
    {
        var kept = await KeepAsync(http);
        http.Response.Redirect($"{page}{(kept ? "kept&" : "")}to={Uri.EscapeDataString(Here(http))}");
    }

    private static async Task<bool> KeepAsync(HttpContext http, bool formIsGone = false)
    {
        if (
            !HttpMethods.IsPost(http.Request.Method)
            || http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<ComponentTypeMetadata>()
                is null
        )
            return false;
        var keeper = http.RequestServices.GetRequiredService<DraftKeeper>();
        try
        {
            return formIsGone ? await keeper.KeepOfGoneFormAsync(http) : await keeper.KeepAsync(http);
        }
        catch (DbException)
        {
            return false; // the page about the first problem is shown all the same
        }
    }

    /// <summary>The path of the practice whose page was asked for.</summary>
    private static string? PracticeOf(HttpContext http) =>
        http.Request.Path.Value?.Split('/') is ["", "practice", var id, ..] && Guid.TryParse(id, out var group)
            ? $"/practice/{group}"
            : null;

    /// <summary>
    /// Where to return after the sign-in. Forms post to their own page; an endpoint that is not a page cannot be
    /// returned to.
    /// </summary>
    private static string Here(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        || http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<ComponentTypeMetadata>()
            is not null
            ? http.Request.Path + http.Request.QueryString
            : "/";

    /// <summary>Writes the page for a form whose antiforgery token is not valid.</summary>
    public static Task WriteExpiredFormAsync(HttpContext http) =>
        WriteAsync(
            http,
            StatusCodes.Status400BadRequest,
            "This form has expired or belongs to another session. Go back, reload the page and send it again."
        );

    /// <summary>
    /// Writes a page for an error status. It renders in its own scope, since the failed page may have started to
    /// render.
    /// </summary>
    public static async Task WriteAsync(HttpContext http, int status, string? message = null)
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
                            [nameof(StatusPage.Message)] = message,
                            [nameof(StatusPage.TraceId)] = Activity.Current?.TraceId.ToString(),
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
