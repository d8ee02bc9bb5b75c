using Carter;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.Host;

/// <summary>The whole product as one process: used by Program and, on a port of their own, by the tests.</summary>
public static class PracticeHost
{
    /// <summary>Composes the host on a database that <see cref="SetUpDatabaseAsync"/> has prepared.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, PracticeDatabase database)
    {
        var modules = ModuleCatalogue.Find();
        builder.Services.AddPractice(builder.Configuration, modules, database);
        builder.Services.AddProblemDetails(WebSurface.CustomizeProblems);
        builder.Services.AddExceptionHandler<UnhandledToProblem>();
        builder.Services.AddOpenApi();
        builder.Host.UseWolverine(options => options.UsePractice(database, modules, DurabilityMode.Solo));

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages(WebSurface.WriteStatusAsProblem);
        app.MapOpenApi();
        app.MapCarter();
        return app;
    }

    public static Task SetUpDatabaseAsync(PracticeDatabase database, CancellationToken ct) =>
        new DatabaseSetup(database, ModuleCatalogue.Find(), MessagingTables.MakeAsync).RunAsync(ct);
}
