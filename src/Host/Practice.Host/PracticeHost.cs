using Carter;
using Microsoft.AspNetCore.Http.Timeouts;
using Practice.Host.FrontEnd;
using Practice.Host.OpenApi;
using Practice.Host.Tokens;
using Practice.Shared.Errors;
using Practice.Shared.Fhir;
using Practice.Shared.Hosting;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Practice.Web;
using Wolverine;

namespace Practice.Host;

/// <summary>Builds the whole product as one process, for Program and for the tests.</summary>
public static class PracticeHost
{
    /// <summary>Every request is answered within this time, even if the database hangs.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Builds the host on a database that <see cref="SetUpDatabaseAsync"/> has prepared.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, PracticeDatabase database)
    {
        var settings = HostSettings.Read(builder.Configuration);
        settings.WriteTo(builder.Configuration);
        var modules = ModuleCatalogue.Find();

        builder.WebHost.UseStaticWebAssets();
        // Otherwise a catch-all route exists in development, and unknown paths get 405 there instead of 404.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            RequestBodies.Limit(kestrel.Limits);
        });
        // Before the modules, because their hosted services may send messages at start.
        builder.Host.UseWolverine(
            options =>
            {
                options.UsePractice(database, modules, settings.Messaging, GeneratedHandlers.Load());
                if (builder.Configuration[GeneratedHandlers.FolderSetting] is { Length: > 0 } folder)
                    options.CodeGeneration.GeneratedCodeOutputPath = folder;
            },
            ExtensionDiscovery.ManualOnly // else it loads every assembly beside the host
        );
        builder.Logging.AddSampler<ClientDisconnectSampler>();
        builder.Services.AddPractice(builder.Configuration, modules, database);
        builder.Services.AddSingleton<IProblemDetailsWriter, FhirProblems>(); // before the one for all others
        builder.Services.AddProblemDetails(ProblemResponses.Customize);
        builder.Services.AddFrontEnd(settings, builder.Configuration);
        builder.Services.AddExceptionHandler<ProblemDetailsExceptionHandler>();
        builder.Services.AddRequestTimeouts(timeouts =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = http => CommonErrors.Unavailable.ToProblem().ExecuteAsync(http),
            }
        );
        builder.Services.AddRateLimiting(settings);
        builder.Services.AddTokenServer();
        builder.Services.AddHealth();
        builder.Services.AddSingleton<IStartupFilter>(new RequirementsCheck(modules));
        builder.Services.AddApiDocument(modules);
        builder.AddTelemetry(settings);

        var app = builder.Build();
        var log = app.Services.GetRequiredService<ILogger<PracticeDatabase>>();
        database.Warn = line => log.LogWarning("{Problem}", line);
        app.Use(HeadRequests.AnswerAsync);
        app.UseForwardedHeadersFrom(settings.TrustedProxies);
        app.Use(FrontEndCalls.TakeAddressAsync);
        app.Use(SecurityLog.WriteAsync);
        app.UseExceptionHandler();
        app.Use(SecurityHeaders.AddAsync);
        app.UseStatusCodePages(ProblemResponses.WriteAsync);
        app.UseRouting();
        app.UseRateLimiting(settings.RequestsPerMinute);
        app.UseRequestTimeouts();
        app.Use(FhirEndpoints.NegotiateAsync);
        app.Use(RequestBodies.AuthorizeFirstAsync);
        app.UseIdempotencyKeys();
        app.UsePracticeWeb();
        app.MapHealth();
        app.MapTokenServer();
        app.MapApiDocument();
        app.MapWellKnown(settings.SecurityContact);
        app.MapCarter();
        app.MapFhir();
        app.MapPracticeWeb();
        return app;
    }

    public static Task SetUpDatabaseAsync(PracticeDatabase database, CancellationToken ct) =>
        Setup(database).RunAsync(ct);

    internal static DatabaseSetup Setup(PracticeDatabase database) =>
        new(database, ModuleCatalogue.Find(), MessagingTables.CreateAsync, Console.Error.WriteLine);
}
