using JasperFx;
using Microsoft.Extensions.Options;
using Practice.EmbeddedPostgres;
using Practice.Host;
using Practice.Host.Commands;
using Practice.Shared.Audit;
using Practice.Shared.Persistence;
using Wolverine;

// A checkout runs in Development unless the environment is set.
if (BaseDirectory.IsCheckout && Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null)
    Environment.SetEnvironmentVariable(
        "ASPNETCORE_ENVIRONMENT",
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Development
    );

try
{
    var (command, arguments) = CommandLine.Parse(args);
    if (command == CommandLine.Help)
    {
        Console.WriteLine(CommandLine.HelpText());
        return 0;
    }

    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
    );
    if (command == CommandLine.IsReady)
        return await ReadinessCommand.RunAsync(builder.Configuration, Console.Out);

    builder.Logging.AddConsoleFor(builder.Environment);
    if (command == CommandLine.WriteCode)
    {
        // The build runs this command, and has no database.
        await using var unused = new PracticeDatabase("Host=unused;Password=unused");
        return await PracticeHost.Build(builder, unused).RunJasperFxCommands(arguments);
    }

    var settings = HostSettings.Read(builder.Configuration);
    var deployed = builder.Environment.IsProduction() && !settings.Embedded;
    if (deployed && command == CommandLine.Run && settings.MissingInProduction is { } missing)
        throw missing;

    // The server starts before the host is built and stops after the host is disposed, so that it outlives every use.
    await using var server = settings.Embedded ? await StartServerAsync(builder, settings, command) : null;
    await using var database = new PracticeDatabase(
        settings.ConnectionString ?? server!.ConnectionString,
        settings.RolePrefix,
        settings.FormerPassword
    );
    if (
        !settings.Embedded
        && command != CommandLine.Check // says so itself, beside the rest
        && await PoolerCheck.SharesSessionsAsync(database.OwnerConnectionString, CancellationToken.None)
    )
        throw new SettingException("ConnectionStrings:Practice", PoolerCheck.Problem);
    if (command == CommandLine.Restore)
        return await RestoreCommand.RunAsync(arguments[0], database, Console.Out);
    await using var app = PracticeHost.Build(builder, database);
    if (command == CommandLine.Check) // says what is wrong with settings itself, beside the rest
        return await new CheckCommand(app.Services, settings, database, Console.Out).RunAsync();
    app.Services.GetRequiredService<IStartupValidator>().Validate();

    if ((deployed && command != CommandLine.Migrate) || server is { Joined: true })
    {
        if (await PracticeHost.Setup(database).PendingAsync(CancellationToken.None) is { Count: > 0 } pending)
            throw server is { Joined: true }
                ? new SettingException(
                    "Data:Directory",
                    $"is used by a host that is starting, or is of another release: {pending.Count} migrations of this "
                        + "one are missing. Try again in a moment, with the program of that host."
                )
                : new SettingException(
                    "ConnectionStrings:Practice",
                    $"names a database that lacks migrations ({string.Join(", ", pending)}): "
                        + $"run the command `{CommandLine.Migrate}` first."
                );
        await PracticeHost.Setup(database).HoldOwnerAgainAsync(CancellationToken.None);
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
            return await AuditVerification.RunAsync(
                app.Services.GetRequiredService<AuditHashChain>(),
                app.Configuration,
                Console.Out
            );
        case CommandLine.RemoveAudit:
            return await RemoveAuditCommand.RunAsync(
                arguments[0],
                app.Services.GetRequiredService<AuditHashChain>(),
                database,
                Console.Out
            );
        case CommandLine.RemoveAccessLog:
            return await RemoveAccessLogCommand.RunAsync(arguments[0], database, Console.Out);
        case CommandLine.Backup:
            return await BackupCommand.RunAsync(arguments[0], settings.KeptBackups, database, Console.Out);
        case CommandLine.ListDeadLetters:
            return await DeadLetterCommands.ListAsync(app.Services, Console.Out);
        case CommandLine.ShowDeadLetter:
            return await DeadLetterCommands.ShowAsync(app.Services, arguments[0], Console.Out);
        case CommandLine.ReplayDeadLetters:
            return await DeadLetterCommands.ReplayAsync(app.Services, arguments[0], Console.Out);
        case CommandLine.DiscardDeadLetters:
            return await DeadLetterCommands.DiscardAsync(app.Services, arguments[0], Console.Out);
        case CommandLine.StorageCounts or CommandLine.Describe:
            return await app.RunJasperFxCommands(arguments);
        default:
            if (
                settings.Messaging == DurabilityMode.Solo
                && await SoloCheck.IsAnotherThereAsync(database, CancellationToken.None)
            )
                app.Logger.LogWarning("{Problem}", SoloCheck.Problem);
            try
            {
                await app.StartAsync();
            }
            catch
            {
                await app.StopAsync(); // what began beside the start would log its end as a fault
                throw;
            }

            ServiceManager.TellReady();
            await StartupBanner.WriteAsync(app, settings, Console.Out);
            await app.WaitForShutdownAsync();
            return 0;
    }
}
catch (Exception exception) when (StartupErrors.Describe(exception) is { } line)
{
    await Console.Error.WriteLineAsync(
        ServiceManager.KeepsTheLog ? $"{ServiceManager.Prefix(LogLevel.Error)}{line}" : line
    );
    return 1;
}

static async Task<EmbeddedPostgresServer> StartServerAsync(
    WebApplicationBuilder builder,
    HostSettings settings,
    string command
)
{
    using var logging = LoggerFactory.Create(log =>
        log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsoleFor(builder.Environment)
    );
    try
    {
        return await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = settings.DataDirectory,
                MaxConnections = MaxConnections,
                Join = CommandLine.RunsBesideHost(command),
            },
            logging.CreateLogger<EmbeddedPostgresServer>()
        );
    }
    catch (IOException exception)
    {
        throw new SettingException(
            "Data:Directory",
            $"is {settings.DataDirectory}, which cannot be used: {exception.Message}"
        );
    }
}

internal static partial class Program
{
    /// <summary>Enough for the pools of all roles (PracticeDatabase) and for a developer's own connections.</summary>
    private const int MaxConnections = 200;
}
