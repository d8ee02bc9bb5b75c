using System.IO.Compression;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Practice.Client;
using Practice.Web.Drafts;
using Practice.Web.Forms;
using Practice.Web.Sessions;

namespace Practice.Web;

/// <summary>The browser front end: pages over the HTTP API, for staff and for patients.</summary>
public static class PracticeWeb
{
    /// <summary>The host also registers an <see cref="ISessionStore"/> and an <see cref="IDraftStore"/>.</summary>
    /// <param name="apiUrl">The address of the API for calls from this process.</param>
    /// <param name="identify">Marks a call as coming from the front end.</param>
    /// <param name="https">
    /// Whether people use only https: then every cookie is sent over https only, wherever TLS ends.
    /// </param>
    /// <param name="limits">When an idle browser is signed out.</param>
    public static IServiceCollection AddPracticeWeb(
        this IServiceCollection services,
        Func<IServiceProvider, Uri> apiUrl,
        Action<IServiceProvider, HttpClient> identify,
        bool https,
        SessionLimits limits,
        SignInChoices signIn
    )
    {
        services.AddSingleton(limits).AddSingleton(signIn);
        services.Configure<CookiePolicyOptions>(options =>
            options.Secure = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest
        );
        services.AddHttpContextAccessor();
        services.AddTransient<BearerTokenHandler>().AddTransient<FormAttemptHandler>().AddTransient<ProblemHandler>();
        services
            .AddHttpClient<PracticeApi>(
                (provider, http) =>
                {
                    http.BaseAddress = apiUrl(provider);
                    identify(provider, http);
                }
            )
            .AddHttpMessageHandler<BearerTokenHandler>()
            .AddHttpMessageHandler<FormAttemptHandler>()
            .AddHttpMessageHandler<ProblemHandler>()
            .RemoveAllLoggers(); // the addresses of calls contain patient ids

        services.AddRazorComponents();
        services
            .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => Configure(options, https, limits));
        services.AddSingleton<ITicketStore, SessionTicketStore>();
        services
            .AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<ITicketStore>((options, store) => options.SessionStore = store);
        services.AddAuthorization();
        services.AddAntiforgery(options => Configure(options, https));
        services.AddResponseCompression(Configure);
        services
            .AddScoped<SignInService>()
            .AddScoped<DraftKeeper>()
            .AddScoped<EncryptedCookies>()
            .AddScoped<FlashMessage>()
            .AddScoped<TransientCookie>()
            .AddScoped<CurrentPractice>()
            .AddScoped<CurrentAccount>()
            .AddScoped<ReaderZone>()
            .AddScoped<PendingClaim>();
        services.AddExceptionHandler<ProblemPageHandler>();
        return services;
    }

    /// <summary>
    /// After routing, before the pages. Calls to the API are authorized by the database, and skip all this.
    /// </summary>
    public static void UsePracticeWeb(this WebApplication app)
    {
        app.UseWhen(
            http => !IsApi(http.Request.Path),
            pages =>
            {
                // Compression can leak secrets beside input that an attacker chooses; form tokens differ each time.
                pages.UseResponseCompression();
                pages.UseCookiePolicy();
                pages.UseAuthentication();
                pages.Use(DraftKeeper.KeepOfEndedSessionAsync);
                pages.UseAuthorization();
                pages.UseAntiforgery();
                pages.Use(RejectInvalidToken);
                pages.Use(DraftKeeper.ReadAsync);
                pages.Use(ReloadIfFormIsGone);
            }
        );
        // Without these, WebApplication adds both at the start of the pipeline, for calls to the API as well.
        IApplicationBuilder whole = app;
        whole.Properties["__AuthenticationMiddlewareSet"] = true;
        whole.Properties["__AuthorizationMiddlewareSet"] = true;
    }

    public static void MapPracticeWeb(this WebApplication app)
    {
        app.MapStaticAssets().DisableRateLimiting();
        app.MapRazorComponents<App>().Add(AnswerHead);
        app.MapPost("/sign-out", async (HttpContext http, IAntiforgery antiforgery, SignInService signInService) =>
            {
                // Otherwise the session is over, and so is the token that was bound to it.
                if (http.User.Identity?.IsAuthenticated == true)
                    await antiforgery.ValidateRequestAsync(http);
                await signInService.SignOutAsync(http);
                return Results.LocalRedirect(http.Request.Query.ContainsKey("idle") ? "/sign-in?idle" : "/sign-in?bye");
            })
            .ExcludeFromDescription(); // not part of the API
        StaffEndpoints.Map(app);
        FileEndpoints.Map(app);
        InvoiceEndpoints.Map(app);
        AttachmentEndpoints.Map(app);
        UnsubscribeEndpoints.Map(app);
        PasskeyEndpoints.Map(app);
        DraftKeeper.Map(app);
        // Keeps the session alive while the person is there: the call to the API counts as a use of it.
        app.MapGet("/session", async (PracticeApi api) =>
            {
                await api.GetMeAsync();
                return Results.NoContent();
            })
            .RequireAuthorization()
            .ExcludeFromDescription();
    }

    /// <summary>
    /// Whether a request is for the API, its documents or the health checks, and not for the front end.
    /// </summary>
    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/api")
        || path.StartsWithSegments("/fhir")
        || path.StartsWithSegments("/health")
        || path.StartsWithSegments("/openapi")
        || path.StartsWithSegments("/docs")
        || path.StartsWithSegments("/connect")
        || path.StartsWithSegments("/.well-known")
        || path.StartsWithSegments("/robots.txt");

    /// <summary>Whether a browser requested a page.</summary>
    public static bool IsPage(HttpRequest request) =>
        !IsApi(request.Path)
        && request
            .GetTypedHeaders()
            .Accept.Any(accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>Writes a page for an error status.</summary>
    public static Task WriteStatusAsync(HttpContext http, int status) => ProblemPageHandler.WriteAsync(http, status);

    /// <summary>
    /// The form is from a session that has ended, or from another site. Blazor answers that with an empty page.
    /// </summary>
    private static Task RejectInvalidToken(HttpContext http, RequestDelegate next) =>
        http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
            ? ProblemPageHandler.WriteExpiredFormAsync(http)
            : next(http);

    /// <summary>
    /// Another person was faster, and the posted form is no longer on the page. Blazor answers that with a line of
    /// plain text, in production with nothing; the person gets the current page instead, with what they typed.
    /// </summary>
    private static async Task ReloadIfFormIsGone(HttpContext http, RequestDelegate next)
    {
        var reload = Task.CompletedTask;
        if (
            HttpMethods.IsPost(http.Request.Method)
            && http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
        )
            http.Response.OnStarting(() => reload = ReloadAsync(http));
        await next(http);
        await reload; // Blazor does not wait for the line that it writes
    }

    private static async Task ReloadAsync(HttpContext http)
    {
        if (http.Response is not { StatusCode: StatusCodes.Status400BadRequest, ContentType: "text/plain" })
            return;
        var kept = await http.RequestServices.GetRequiredService<DraftKeeper>().KeepOfGoneFormAsync(http);
        http.RequestServices.GetRequiredService<FlashMessage>()
            .Set(
                "This page was out of date, so nothing was changed now. If you sent it twice, the first time may have "
                    + "counted. Below is the current state"
                    + (kept ? ", and what you typed." : ".")
            );
        http.Response.Redirect(http.Request.Path + http.Request.QueryString);
    }

    /// <summary>Scanners and mail programs ask with HEAD whether a page is there: as GET, without the page.</summary>
    private static void AnswerHead(EndpointBuilder page)
    {
        for (var at = 0; at < page.Metadata.Count; at++)
        {
            if (page.Metadata[at] is HttpMethodMetadata { HttpMethods: var methods } && methods.Contains("GET"))
                page.Metadata[at] = new HttpMethodMetadata([.. methods, "HEAD"]);
        }
    }

    private static void Configure(CookieAuthenticationOptions options, bool https, SessionLimits limits)
    {
        options.Cookie.Name = CookieName("practice-session", https);
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax; // a mailed link opens signed in
        options.ExpireTimeSpan = limits.Lifetime;
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

    private static void Configure(AntiforgeryOptions options, bool https)
    {
        options.Cookie.Name = CookieName("practice-forms", https);
        // Strict would hide it from a page opened by a link in an email, and its new cookie would end all open forms.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.SuppressXFrameOptionsHeader = true; // the content security policy covers it
    }

    /// <summary>No other host and no http page of the same domain can set a cookie with this prefix.</summary>
    private static string CookieName(string name, bool https) => https ? $"__Host-{name}" : name;

    private static void Configure(ResponseCompressionOptions options)
    {
        options.EnableForHttps = true;
        options.Providers.Add<Brotli>();
        options.Providers.Add<GzipCompressionProvider>();
        options.MimeTypes = ["text/html"];
    }

    /// <summary>
    /// Between the framework's fastest level, with larger pages, and its smallest, which costs more time than it saves.
    /// </summary>
    private sealed class Brotli : ICompressionProvider
    {
        public string EncodingName => "br";

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) =>
            new BrotliStream(outputStream, new BrotliCompressionOptions { Quality = 6 }, leaveOpen: true);
    }
}
