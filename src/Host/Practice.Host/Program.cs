using JasperFx;
using Microsoft.Extensions.Options;
using Practice.EmbeddedPostgres;
using Practice.Host;
using Practice.Shared.Audit;
using Practice.Shared.Persistence;

// A checkout that names no environment is a developer's.
if (Home.IsCheckout && Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null)
    Environment.SetEnvironmentVariable(
        "ASPNETCORE_ENVIRONMENT",
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Development
    );

try
{
    var (command, arguments) = CommandLine.Parse(args);
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    builder.Logging.AddConsoleOf(builder.Environment);
    if (command == CommandLine.Help)
    {
        Console.WriteLine(CommandLine.List());
        return 0;
    }

    if (command == CommandLine.WriteCode)
    {
        // The build writes the handlers' code, and has no database.
        await using var nowhere = new PracticeDatabase("Host=unused;Password=unused");
        return await PracticeHost.Build(builder, nowhere).RunJasperFxCommands(arguments);
    }

    var settings = HostSettings.Read(builder.Configuration);
    var deployed = builder.Environment.IsProduction() && !settings.Embedded;
    if (deployed && command == CommandLine.Run)
        HostSettings.RefuseUnfitForProduction(builder.Configuration);

    // The server outlives all that uses it: it starts before the host is built and stops after the host is gone.
    await using var server = settings.Embedded ? await StartServerAsync(builder, settings) : null;
    await using var database = new PracticeDatabase(settings.ConnectionString ?? server!.ConnectionString);
    await using var app = PracticeHost.Build(builder, database);
    app.Services.GetRequiredService<IStartupValidator>().Validate();

    if (deployed && command != CommandLine.Migrate)
    {
        if (await PracticeHost.Setup(database).PendingAsync(CancellationToken.None) is { Count: > 0 } pending)
            throw new SettingException(
                "ConnectionStrings:Practice",
                $"names a database that lacks {pending.Count} migrations ({string.Join(", ", pending)}): run with `-- migrate` first."
            );
    }
    else
    {
        await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
    }

    switch (command)
    {
        case CommandLine.Migrate:
            Console.WriteLine("The database is up to date.");
            return 0;
        case CommandLine.VerifyAudit:
            return await AuditVerification.RunAsync(app.Services.GetRequiredService<AuditHashChain>(), Console.Out);
        case var other when CommandLine.IsOfWolverine(other):
            return await app.RunJasperFxCommands(arguments);
        default:
            await app.StartAsync();
            await Welcome.GreetAsync(app, settings, Console.Out);
            await app.WaitForShutdownAsync();
            return 0;
    }
}
catch (Exception problem) when (StartProblem.InOneLine(problem) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}

static async Task<EmbeddedPostgresServer> StartServerAsync(WebApplicationBuilder builder, HostSettings settings)
{
    using var logging = LoggerFactory.Create(log =>
        log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsoleOf(builder.Environment)
    );
    try
    {
        return await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = settings.DataDirectory, MaxConnections = MostConnections },
            logging.CreateLogger<EmbeddedPostgresServer>()
        );
    }
    catch (IOException unusable)
    {
        throw new SettingException(
            "Data:Directory",
            $"is {settings.DataDirectory}, which can't be used: {unusable.Message}"
        );
    }
}

internal static partial class Program
{
    /// <summary>Room for the pools of all modules' roles (PracticeDatabase) and for a look from outside.</summary>
    private const int MostConnections = 200;
}
