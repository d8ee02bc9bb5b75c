using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Practice.Resilience.Tests;

/// <summary>With several servers Npgsql has a pool for each, all by one name.</summary>
public sealed class PoolMetricsTests
{
    [Theory]
    [InlineData(false)] // as with a primary and its standby, to which nobody connects
    [InlineData(true)]
    public async Task The_connections_of_a_pool_are_those_to_all_its_servers(bool onBoth)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Metrics:Url"] = url.ToString() } }
        );
        var settings = new NpgsqlConnectionStringBuilder(app.ConnectionString) { MaxPoolSize = 7, Timeout = 30 };
        settings.Host = $"127.0.0.1:{settings.Port},localhost:{settings.Port}";
        settings.LoadBalanceHosts = onBoth;
        var name = $"two-servers-{onBoth}"; // other tests have hosts in this process, whose pools are called the same
        await using var pool = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
        await using var one = await pool.OpenConnectionAsync();
        await using var two = await pool.OpenConnectionAsync();
        await (await pool.OpenConnectionAsync()).DisposeAsync();

        using var http = new HttpClient { BaseAddress = url };
        var page = await http.GetStringAsync("/metrics");
        Assert.Equal(
            "2 in use, 1 idle, at most 7", // to one server, as one takes the writes
            $"{Value("count", "used")} in use, {Value("count", "idle")} idle, at most {Value("max")}"
        );

        int Value(string metric, string? state = null)
        {
            var line = page.Split('\n')
                .Single(line =>
                    line.StartsWith($"db_client_connection_{metric}{{", StringComparison.Ordinal)
                    && line.Contains($"pool_name=\"{name}\"", StringComparison.Ordinal)
                    && (state is null || line.Contains($"state=\"{state}\"", StringComparison.Ordinal))
                );
            return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
