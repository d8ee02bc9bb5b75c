using Carter;
using Microsoft.AspNetCore.Http.Timeouts;
using Practice.Authorization;
using Practice.Host.FrontEnd;
using Practice.Shared.Errors;
using Practice.Shared.Hosting;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Practice.Web;
using Wolverine;

namespace Practice.Host;

/// <summary>The whole product as one process: used by Program and, on a port of their own, by the tests.</summary>
public static class PracticeHost
{
    /// <summary>No input of this API is larger; a body that is gets 413.</summary>
    private const long LargestBody = 1024 * 1024;

    /// <summary>However ill the database is, a caller is answered within this time. The first call of a cold, busy machine needs some of it.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    /// <summary>Composes the host on a database that <see cref="SetUpDatabaseAsync"/> has prepared.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, PracticeDatabase database)
    {
        var settings = HostSettings.Read(builder.Configuration);
        settings.WriteTo(builder.Configuration);
        var modules = ModuleCatalogue.Find();

        builder.WebHost.UseStaticWebAssets();
        // In development alone it would add a route for any path: an unknown one would be answered 405 there, and 404 when published.
        builder.Configuration["DisableStaticAssetNotFoundRuntimeFallback"] = "true";
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        // Before the modules: what they do as the host starts may send messages.
        builder.Host.UseWolverine(options =>
        {
            options.UsePractice(database, modules, settings.Messaging, Handlers.Load());
            if (builder.Configuration[Handlers.FolderSetting] is { Length: > 0 } folder)
                options.CodeGeneration.GeneratedCodeOutputPath = folder;
        });
        builder.Services.AddPractice(builder.Configuration, modules, database);
        builder.Services.AddProblemDetails(WebSurface.CustomizeProblems);
        builder.Services.AddFrontEnd(settings);
        builder.Services.AddExceptionHandler<UnhandledToProblem>();
        builder.Services.AddRequestTimeouts(timeouts =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = LongestCall,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = http => CommonErrors.Unavailable.ToProblem().ExecuteAsync(http),
            }
        );
        builder.Services.AddRequestRates(settings.RequestsPerMinute);
        builder.Services.AddHealth();
        builder.Services.AddApiDocument();
        builder.Services.AddTelemetry(builder.Configuration);

        var app = builder.Build();
        app.UseForwardedCalls(settings.TrustedProxies);
        app.UseExceptionHandler();
        app.Use(WebSurface.AddHeaders);
        if (app.Environment.IsProduction())
            app.UseHsts();
        app.UseStatusCodePages(WebSurface.WriteStatus);
        app.UseRouting();
        app.UseRequestRates(settings.RequestsPerMinute);
        app.UseRequestTimeouts();
        app.UseIdempotencyKeys();
        app.UsePracticeWeb();
        app.MapHealth();
        app.MapApiDocument();
        app.MapCarter();
        app.DemandRequirements([.. modules.Select(module => module.GetType().Assembly)]);
        app.MapPracticeWeb();
        return app;
    }

    public static Task SetUpDatabaseAsync(PracticeDatabase database, CancellationToken ct) =>
        Setup(database).RunAsync(ct);

    internal static DatabaseSetup Setup(PracticeDatabase database) =>
        new(database, ModuleCatalogue.Find(), MessagingTables.MakeAsync);
}
