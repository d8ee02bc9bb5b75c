using System.IO.Compression;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Practice.Client;
using Practice.Web.Forms;
using Practice.Web.Sessions;

namespace Practice.Web;

/// <summary>The browser front end: pages over the HTTP API, for staff and for patients.</summary>
public static class PracticeWeb
{
    /// <summary>Needs an <see cref="ISessionVault"/> besides.</summary>
    /// <param name="apiUrl">Where the API is reached from here.</param>
    /// <param name="identify">Marks a call as the front end's own.</param>
    /// <param name="https">Whether people reach it over https alone: then the session's cookie goes nowhere else.</param>
    /// <param name="limits">How long a browser may be left alone.</param>
    public static IServiceCollection AddPracticeWeb(
        this IServiceCollection services,
        Func<IServiceProvider, Uri> apiUrl,
        Action<IServiceProvider, HttpClient> identify,
        bool https,
        SessionLimits limits
    )
    {
        services.AddSingleton(limits);
        services.AddHttpContextAccessor();
        services.AddTransient<CallsForBrowser>().AddTransient<RefusalHandler>();
        services
            .AddHttpClient<PracticeApi>(
                (provider, http) =>
                {
                    http.BaseAddress = apiUrl(provider);
                    identify(provider, http);
                }
            )
            .AddHttpMessageHandler<RefusalHandler>()
            .AddHttpMessageHandler<CallsForBrowser>()
            .RemoveAllLoggers(); // addresses of calls hold ids of patients

        services.AddRazorComponents();
        services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => Configure(options, https, limits));
        services.AddSingleton<ITicketStore, BrowserSessions>();
        services
            .AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<ITicketStore>((options, store) => options.SessionStore = store);
        services.AddAuthorization();
        services.AddAntiforgery(Configure);
        services.AddResponseCompression(Configure);
        services
            .AddScoped<SignIns>()
            .AddScoped<SealedCookies>()
            .AddScoped<Said>()
            .AddScoped<Kept>()
            .AddScoped<CurrentPractice>()
            .AddScoped<CurrentAccount>()
            .AddScoped<PendingClaim>();
        services.AddExceptionHandler<RefusedToPage>();
        return services;
    }

    /// <summary>After routing, before the pages.</summary>
    public static void UsePracticeWeb(this WebApplication app)
    {
        // Pages alone. What an answer's length could give away is not beside what a stranger can choose: tokens of forms differ each time.
        app.UseWhen(http => !IsApi(http.Request.Path), pages => pages.UseResponseCompression());
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.Use(ShowAnewWithoutItsForm);
    }

    public static void MapPracticeWeb(this WebApplication app)
    {
        app.MapStaticAssets().DisableRateLimiting();
        app.MapRazorComponents<App>();
        app.MapPost("/sign-out", async (HttpContext http, IAntiforgery antiforgery, SignIns signIns) =>
            {
                if (http.User.Identity?.IsAuthenticated == true) // else the session was over before, and so is what its form was sealed for
                    await antiforgery.ValidateRequestAsync(http);
                await signIns.EndAsync(http);
                return Results.LocalRedirect(http.Request.Query.ContainsKey("idle") ? "/sign-in?idle" : "/sign-in?bye");
            })
            .ExcludeFromDescription(); // the front end's own, and no part of the API
        StaffEndpoints.Map(app);
        app.MapGet("/session", () => Results.NoContent()).RequireAuthorization().ExcludeFromDescription(); // a sign of life, which renews the session
    }

    /// <summary>Whether a request is for the API or what stands beside it, and not for the front end.</summary>
    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/api")
        || path.StartsWithSegments("/health")
        || path.StartsWithSegments("/openapi")
        || path.StartsWithSegments("/docs");

    /// <summary>Whether a browser asked for a page.</summary>
    public static bool IsPage(HttpRequest request) =>
        !IsApi(request.Path)
        && request
            .GetTypedHeaders()
            .Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>A page about a status, in place of the one asked for.</summary>
    public static Task WriteStatusAsync(HttpContext http, int status) => RefusedToPage.WriteAsync(http, status);

    /// <summary>
    /// Somebody was quicker: the form that was sent is on the page no longer. The page's own answer to that is a line of plain text, and outside
    /// development nothing at all; people are shown the page as it is now.
    /// </summary>
    private static Task ShowAnewWithoutItsForm(HttpContext http, RequestDelegate next)
    {
        if (
            HttpMethods.IsPost(http.Request.Method)
            && http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        )
        {
            http.Response.OnStarting(() =>
            {
                if (http.Response is { StatusCode: StatusCodes.Status400BadRequest, ContentType: "text/plain" })
                {
                    http.RequestServices.GetRequiredService<Said>()
                        .Say("Nothing was done: this has changed since you opened it. Here it is as it is now.");
                    http.Response.Redirect(http.Request.Path + http.Request.QueryString);
                }

                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    private static void Configure(CookieAuthenticationOptions options, bool https, SessionLimits limits)
    {
        options.Cookie.Name = "practice-session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax; // a mailed link opens signed in
        options.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = limits.Life;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/";
        options.ReturnUrlParameter = "to";
        options.Events.OnCheckSlidingExpiration = context =>
        {
            context.ShouldRenew = context.ElapsedTime > limits.RenewAfter;
            return Task.CompletedTask;
        };
    }

    private static void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = "practice-forms";
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.SuppressXFrameOptionsHeader = true; // the content-security policy says it
    }

    private static void Configure(ResponseCompressionOptions options)
    {
        options.EnableForHttps = true;
        options.Providers.Add<Brotli>();
        options.Providers.Add<GzipCompressionProvider>();
        options.MimeTypes = ["text/html"];
    }

    /// <summary>Between the framework's own fastest, which weighs more, and its smallest, which takes longer than it saves.</summary>
    private sealed class Brotli : ICompressionProvider
    {
        public string EncodingName => "br";

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) =>
            new BrotliStream(outputStream, new BrotliCompressionOptions { Quality = 6 }, leaveOpen: true);
    }
}
