using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Practice.Host;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.TestKit;

/// <summary>What a host under test may be started with.</summary>
public sealed record TestAppOptions
{
    /// <summary>Another host's database, or one that was set up; a new one of its own when null.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>How the roles are named; as the product does it by itself when null.</summary>
    public string? RolePrefix { get; init; } = PracticeDatabase.EarlierRolePrefix;

    /// <summary>Another host's mail folder; one of its own when null.</summary>
    public string? MailDirectory { get; init; }

    /// <summary>The environment that the host runs in.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>Settings that differ from those of tests, by their configuration keys.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Registers what a test replaces. Comes before the product's own registrations.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}

/// <summary>The real host, in this process, on a real port and a real database.</summary>
public sealed class TestApp : RunningHost
{
    private static readonly Lazy<Task<TestApp>> Shared = new(() => StartAsync());

    private readonly WebApplication _app;
    private readonly PracticeDatabase _database;

    private TestApp(WebApplication app, PracticeDatabase database, TestClock clock, TestLog log, MailFolder mail)
        : base(new Uri(app.Urls.First()), mail, log)
    {
        (_app, _database, Clock, Log) = (app, database, clock, log);
        Owner = new Sql(database.OwnerConnectionString);
    }

    public IServiceProvider Services => _app.Services;

    public TestClock Clock { get; }

    public TestLog Log { get; }

    /// <summary>SQL as the database's owner, whom no row-level security holds.</summary>
    public Sql Owner { get; }

    public string ConnectionString => _database.OwnerConnectionString;

    /// <summary>SQL as the role of the module with this schema.</summary>
    public Sql RoleOf(string schema) => new(ConnectionStringOf(schema));

    public string ConnectionStringOf(string schema) => _database.ConnectionStringOf(schema);

    /// <summary>
    /// The host that all tests of an assembly share. Each makes its own people and groups, so that they can run side by
    /// side.
    /// </summary>
    public static Task<TestApp> StartedAsync() => Shared.Value;

    /// <summary>A host apart, for tests that move the clock, change settings or stop it.</summary>
    public static async Task<TestApp> StartAsync(TestAppOptions? options = null)
    {
        options ??= new();
        var mail = options.MailDirectory ?? TestFolder.New("mail");
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = typeof(PracticeHost).Assembly.GetName().Name,
                ContentRootPath = AppContext.BaseDirectory,
                EnvironmentName = options.Environment,
            }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:Practice"] = options.ConnectionString ?? await TestServer.NewDatabaseAsync(),
                ["Mail:PickupDirectory"] = mail,
                ["PublicUrl"] = "https://practice.test",
                ["RateLimits:PerMinute"] = "0",
                ["Demo:Seed"] = "false",
            }
        );
        builder.Configuration.AddInMemoryCollection(options.Settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        var clock = new TestClock();
        var log = new TestLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        // Hashing at the product's cost would be most of the time that tests take; hosts run as processes keep it.
        builder.Services.PostConfigure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1_000);
        builder.Services.ConfigureWolverine(messaging =>
            messaging.Durability.ScheduledJobPollingTime = TimeSpan.FromMilliseconds(200)
        );
        options.Services?.Invoke(builder.Services);

        var database = new PracticeDatabase(builder.Configuration.GetConnectionString("Practice")!, options.RolePrefix);
        var app = PracticeHost.Build(builder, database);
        await app.StartAsync();
        return new TestApp(app, database, clock, log, new MailFolder(mail));
    }

    /// <summary>
    /// Lets time pass: the clock moves on, and what was scheduled for that time has been done when this returns, and so
    /// has whatever was under way before. Only for tests with a host of their own.
    /// </summary>
    public async Task PassesAsync(TimeSpan time)
    {
        await SettlesAsync();
        Clock.Advance(time);
        await Owner.Execute(
            """
            update messaging.wolverine_incoming_envelopes set execution_time = execution_time - $1
            where status = 'Scheduled'
            """,
            time
        );
        await SettlesAsync();
    }

    /// <summary>Waits until every message that is due has been handled.</summary>
    public Task SettlesAsync() =>
        Eventually.Is(async () =>
            await Owner.Scalar<long>(
                """
                select count(*) from messaging.wolverine_incoming_envelopes
                where status = 'Incoming' or (status = 'Scheduled' and execution_time <= now())
                """
            ) == 0
        );

    public override async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
