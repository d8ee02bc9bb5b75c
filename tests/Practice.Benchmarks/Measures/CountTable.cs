using Npgsql;
using Practice.Architecture.Tests;
using Practice.Benchmarks.Load;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>
/// What a call takes that no load of the machine changes: statements, round trips to the database and allocated bytes.
/// Servers apart, which connect through a proxy that counts on the wire.
/// </summary>
internal static class CountTable
{
    private const int Calls = 500;
    private static readonly string[] Modules = ["users", "groups", "locations", "portal"];

    public static async Task WriteAsync(Bench bench, string rawConnection)
    {
        var paths = ApiPath.All.Where(path => bench.Options.Wants(path.Name)).ToList();
        if (paths.Count == 0 || !bench.Options.Wants("counts"))
            return;

        var report = bench.Report;
        report.Table(
            "a call (`counts`)",
            "statements: raw",
            "ours",
            "round trips: raw",
            "ours",
            "allocated kB: raw",
            "ours"
        );
        await using var rawWire = Wire(rawConnection, out var toRaw);
        await using var wire = Wire(bench.Small, out var toOurs);
        await using var raw = await Bench.StartRawAsync(toRaw);
        await using var ours = await bench.Host.StartAsync(toOurs);
        using var rawMeter = AllocationMeter.Of(raw.ProcessId);
        using var meter = AllocationMeter.Of(ours.ProcessId);
        await DatabaseServer.TrackStatementsAsync(bench.Small, "top");
        foreach (var path in paths)
        {
            var counting = CountAsync(path, raw, rawConnection, rawWire, rawMeter);
            var other = await CountAsync(path, ours, bench.Small, wire, meter);
            var one = await counting;
            report.Row(
                $"{path.Text} (`{path.Name}`)",
                Report.Number(one.Statements, "0.0"),
                Report.Number(other.Statements, "0.0"),
                Report.Number(one.RoundTrips, "0.0"),
                Report.Number(other.RoundTrips, "0.0"),
                Report.Number(one.Kilobytes, "0.0"),
                Report.Number(other.Kilobytes, "0.0")
            );
        }
        await DatabaseServer.TrackStatementsAsync(bench.Small, "none");
    }

    private static async Task<Counts> CountAsync(
        ApiPath path,
        ChildServer server,
        string connection,
        CountingProxy wire,
        AllocationMeter meter
    )
    {
        using var client = new LoadClient();
        var one = path.Call.For(server.Url);
        await SendAsync(); // prepared and compiled from here on
        await server.SettleAsync();
        await Sql.ExecuteAsync(connection, Reset);
        var (bytes, trips) = (await meter.ReadAsync(), RoundTrips());
        await SendAsync();
        await server.SettleAsync();
        trips = RoundTrips() - trips;
        bytes = await meter.ReadAsync() - bytes;
        return new Counts(
            await Sql.ScalarAsync<double>(connection, Statements) / Calls,
            trips / (double)Calls,
            bytes / Calls / 1000
        );

        async Task SendAsync()
        {
            for (var call = 0; call < Calls; call++)
                await client.SendAsync(one, path.Status);
        }

        int RoundTrips() => Roles(connection).Sum(wire.RoundTripsOf);
    }

    /// <summary>
    /// Of the modules: messages are polled, and the audit is chained, at other times than calls are made.
    /// </summary>
    private const string Statements = """
        select coalesce(sum(calls), 0)::float8
        from public.pg_stat_statements s join pg_roles r on r.oid = s.userid
        where dbid = (select oid from pg_database where datname = current_database())
            and rolname !~ '_(messaging|audit)$' and query !~ 'pg_stat_statements'
        """;

    /// <summary>Of this database alone: the other's is being counted.</summary>
    private const string Reset =
        "select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)";

    private static IEnumerable<string> Roles(string connection)
    {
        var target = new NpgsqlConnectionStringBuilder(connection);
        return [target.Username!, .. Modules.Select(module => $"{PublishedHost.RolePrefix}_{module}")];
    }

    private static CountingProxy Wire(string connection, out string through)
    {
        var target = new NpgsqlConnectionStringBuilder(connection);
        var proxy = new CountingProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        through = target.ConnectionString;
        return proxy;
    }

    private sealed record Counts(double Statements, double RoundTrips, double Kilobytes);
}
