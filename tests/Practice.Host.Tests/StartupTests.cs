using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Practice.Host.Tests;

/// <summary>A setting that the host cannot start with stops it with one line that names the key.</summary>
public sealed class StartupTests
{
    [Theory]
    [InlineData("RateLimits:PerMinute", "many")]
    [InlineData("RateLimits:PerMinute", "-1")]
    [InlineData("RateLimits:ClientPerMinute", "0")]
    [InlineData("Messaging:Mode", "Serverless")]
    [InlineData("Messaging:Mode", "1")]
    [InlineData("Demo:Seed", "perhaps")]
    [InlineData("ConnectionStrings:Practice", "Hots=127.0.0.1")]
    [InlineData("ConnectionStrings:Practice", "Host=127.0.0.1;Username=postgres")] // without a password
    [InlineData("TrustedProxies", "the-proxy")]
    [InlineData("Audit:SealKey", "dG9vIHNob3J0")]
    [InlineData("Audit:SealKey", "no base64 at all")]
    [InlineData("TrustedProxies", "10.0.0.0/8, 10.0.0.0/99")]
    [InlineData("Mail:Smtp:User", "someone")]
    [InlineData("Mail:Smtp:Port", "smtp")]
    [InlineData("Mail:Smtp:Tls", "Sometimes")]
    [InlineData("Sms:Url", "https://api.example.com")] // without an account
    [InlineData("PublicUrl", "practice")]
    [InlineData("Invitations:ExpireAfter", "soon")]
    [InlineData("Web:IdleLimit", "30")]
    [InlineData("Web:IdleLimit", "00:00:59")]
    [InlineData("SignIn:Provider", "contoso")]
    public async Task A_wrong_setting_stops_the_start(string key, string value) =>
        await AssertStops(new() { [key] = value }, key);

    [Theory]
    [InlineData("Maximum Pool Size=3", "has a Maximum Pool Size of 3: it must be at least 4.")]
    [InlineData("Maximum Pool Size=5;Minimum Pool Size=6", "cannot be used: ")]
    public async Task Pools_that_cannot_work_stop_the_start(string options, string problem) =>
        await AssertStops(
            new() { ["ConnectionStrings:Practice"] = $"Host=127.0.0.1;Port=1;Password=secret;{options}" },
            $"ConnectionStrings:Practice {problem}"
        );

    [Theory]
    [InlineData("SignIn:Providers:0:Name", "conto/so")]
    [InlineData("SignIn:Providers:0:Authority", "login.contoso.example")]
    [InlineData("SignIn:Providers:0:Authority", "http://login.contoso.example")]
    [InlineData("SignIn:Providers:0:ClientSecret", null)]
    [InlineData("SignIn:Providers:0:Scope", "profile")]
    [InlineData("SignIn:Providers:0:RequiredClaims", "hd=example.com")]
    [InlineData("SignIn:Providers:0:RequiredClaims:hd", "")]
    [InlineData("SignIn:Providers:0:RequiredClaims:hd", " , ")]
    [InlineData("SignIn:Providers:1:Name", "CONTOSO")]
    public async Task A_wrong_identity_provider_stops_the_start(string key, string? value)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var provider in (int[])[0, 1])
        {
            settings[$"SignIn:Providers:{provider}:Name"] = provider == 0 ? "contoso" : "fabrikam";
            settings[$"SignIn:Providers:{provider}:Authority"] = "https://login.contoso.example";
            settings[$"SignIn:Providers:{provider}:ClientId"] = "practice";
            settings[$"SignIn:Providers:{provider}:ClientSecret"] = "secret-password";
        }

        if (value is null)
            settings.Remove(key);
        else
            settings[key] = value;
        await AssertStops(settings, key);
    }

    [Fact]
    public async Task Demo_data_needs_a_pickup_directory() =>
        await AssertStops(new() { ["Demo:Seed"] = "true", ["Mail:Smtp:Host"] = "localhost" }, "Demo:Seed");

    [Fact]
    public async Task A_data_directory_that_is_a_file_stops_the_start() =>
        await AssertStops(
            new() { ["Data:Directory"] = typeof(StartupTests).Assembly.Location },
            typeof(StartupTests).Assembly.Location
        );

    [Fact]
    public async Task A_database_that_cannot_be_reached_stops_the_start() =>
        await AssertStops(
            new() { ["ConnectionStrings:Practice"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=secret-password" },
            "ConnectionStrings:Practice"
        );

    [Fact]
    public async Task A_port_that_is_in_use_stops_the_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";
        await AssertStops(
            new()
            {
                ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
                ["URLS"] = url,
                ["ASPNETCORE_URLS"] = url,
            },
            url
        );
    }

    [Theory]
    [InlineData("PublicUrl", "Mail:Smtp:Host")]
    [InlineData("Mail:Smtp:Host", "PublicUrl")]
    public async Task A_deployment_needs_a_public_URL_and_a_mail_server(string missing, string given)
    {
        var values = new Dictionary<string, string?>
        {
            ["PublicUrl"] = "https://practice.test",
            ["Mail:Smtp:Host"] = "mail.practice.test",
        };
        await AssertStops(
            new()
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
                [given] = values[given],
            },
            missing
        );
    }

    [Fact]
    public async Task A_deployment_starts_only_after_the_migrate_command_and_alone_unless_it_is_told_otherwise()
    {
        var folder = TestFolder.New("deployed");
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings:Practice"] = await TestServer.NewEmptyDatabaseAsync(),
            ["PublicUrl"] = "https://practice.test",
            ["Mail:PickupDirectory"] = folder,
        };
        await AssertStops(settings, "migrate");

        var (exitCode, _, errors) = await HostProcess.RunAsync(settings, "migrate");
        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);

        await using var host = await HostProcess.StartAsync(folder, settings);
        (await host.Api.Get("/health/ready")).Should(200);

        await using var second = await HostProcess.StartAsync(folder, settings);
        Assert.Equal([false, true], new[] { host, second }.Select(one => one.Output.Any(SaysItIsNotAlone)));
        Assert.Equal(0, await host.StopAsync());

        static bool SaysItIsNotAlone(string line) =>
            line.Contains("\"Warning\"", StringComparison.Ordinal)
            && line.Contains("Messaging:Mode is Solo", StringComparison.Ordinal);
    }

    /// <summary>Otherwise the first people to sign in wait for them.</summary>
    [Fact]
    public async Task The_start_waits_for_the_models_before_the_server_listens()
    {
        var services = (await TestApp.StartedAsync()).Services.GetServices<IHostedService>().ToList();
        var warmUp = services.FindIndex(service => service.GetType().Name == "ModelWarmUp");
        var server = services.FindIndex(service => service.GetType().Name == "GenericWebHostService");
        Assert.InRange(warmUp, 0, server - 1);

        // What it begins is what the start waits for: here that is called off.
        var models = (IHostedLifecycleService)services[warmUp];
        await models.StartingAsync(new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => models.StartAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_start_warms_up_a_sign_in_and_keeps_nothing_of_it()
    {
        await using var app = await TestApp.StartAsync();
        var services = app.Services.GetServices<IHostedService>().ToList();
        var signInWarmUp = services.FindIndex(service => service.GetType().Name == "SignInWarmUp");
        var server = services.FindIndex(service => service.GetType().Name == "GenericWebHostService");
        Assert.InRange(signInWarmUp, 0, server - 1);

        Assert.DoesNotContain(app.Log.Lines, line => line.Contains("could not be prepared", StringComparison.Ordinal));
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>(
                """
                select count(*) from (
                    select id from users.accounts union all select id from users.sessions
                    union all select account_id from users.known_devices union all select id from audit.entries
                ) kept
                """
            )
        );
    }

    private static async Task AssertStops(Dictionary<string, string?> settings, string named)
    {
        settings.TryAdd(
            "ConnectionStrings:Practice",
            settings.ContainsKey("Data:Directory") ? null : await TestServer.NewDatabaseAsync()
        );
        settings.TryAdd("Data:Directory", TestFolder.New("data"));
        var (exitCode, output, errors) = await HostProcess.RunAsync(settings);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-password", output + errors, StringComparison.Ordinal);
    }
}
