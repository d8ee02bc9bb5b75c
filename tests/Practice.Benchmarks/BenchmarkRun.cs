using System.Runtime.CompilerServices;
using Practice.Benchmarks.Measures;
using Practice.Benchmarks.Raw;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks;

/// <summary>The whole run, from publishing the host to the last table.</summary>
internal sealed class BenchmarkRun(Options options)
{
    private readonly Report _report = new(options.Out);

    public async Task RunAsync()
    {
        var checkout = Checkout();
        var published = options.Host ?? Path.Combine(checkout, "artifacts", "benchmarks", "host");
        if (options.Build)
            await PublishedHost.PublishAsync(checkout, published);

        // Not a "temporary subdirectory", which nobody but its maker could enter: the database server may run as another
        // user.
        var work = Directory.CreateDirectory(
            Path.Combine(Path.GetTempPath(), $"practice-benchmarks-{Environment.ProcessId}")
        );
        try
        {
            await using var database = await DatabaseServer.StartAsync(options.Keep ?? work.FullName);
            await MeasureAsync(database, new PublishedHost(published, work.FullName));
        }
        finally
        {
            work.Delete(recursive: true);
            _report.Save();
        }
    }

    private async Task MeasureAsync(DatabaseServer database, PublishedHost host)
    {
        _report.Line($"PostgreSQL with {DatabaseServer.SettingsText}.");
        var small = await FilledAsync(database, host, DataSet.Small);
        await database.CopyAsync(DataSet.Small.Database, RawDatabase);
        await using (var raw = await StartRawAsync(database.ConnectionTo(RawDatabase)))
        await using (var ours = await host.StartAsync(small))
        {
            await CompareAsync(database, raw, ours);
        }
    }

    /// <summary>Raw writes elsewhere: the host would add what it finds to the audit's chain.</summary>
    private const string RawDatabase = "bench_raw";

    private async Task CompareAsync(DatabaseServer database, ChildServer raw, ChildServer ours)
    {
        _report.Table(
            "path",
            "callers",
            "raw/s",
            "ours/s",
            "ratio",
            "CPU µs server / PostgreSQL: raw",
            "ours",
            "p50 / p99 ms: raw",
            "ours",
            ""
        );
        var comparison = new Comparison(database, options);
        foreach (var path in ApiPath.All.Where(path => options.Wants(path.Name)))
        {
            await Comparison.AssertSameAsync(path, raw, ours);
            foreach (var result in comparison.Run(path, raw, ours))
                _report.Row(
                    path.Text,
                    Report.Number(result.Concurrency),
                    Report.Number(result.First.PerSecond),
                    Report.Number(result.Second.PerSecond),
                    $"**{Report.Number(result.Ratio, "0.00")}**",
                    Cpu(result.First),
                    Cpu(result.Second),
                    Times(result.First),
                    Times(result.Second),
                    result.Concurrency == 16 ? Report.Verdict(result.Ratio, path.Floor, path.Goal) : ""
                );
        }

        static string Cpu(Figures figures) =>
            $"{Report.Number(figures.ServerMicros)} / {Report.Number(figures.DatabaseMicros)}";

        static string Times(Figures figures) => $"{Report.Millis(figures.P50)} / {Report.Millis(figures.P99)}";
    }

    /// <summary>The database of this data set, filled now or by an earlier run; its owner's connection string.</summary>
    private static async Task<string> FilledAsync(DatabaseServer database, PublishedHost host, DataSet data)
    {
        var connection = database.ConnectionTo(data.Database);
        if (!await database.HasAsync(data.Database))
            await database.CreateAsync(data.Database);
        await host.MigrateAsync(connection);
        if (!await Sql.ScalarAsync<bool>(connection, "select exists (select from groups.groups)"))
            await data.FillAsync(connection);
        await DataSet.OpenSessionAsync(connection);
        return connection;
    }

    private static Task<ChildServer> StartRawAsync(string connection) =>
        ChildServer.StartAsync(
            "dotnet",
            [typeof(RawServer).Assembly.Location, RawServer.Command],
            new Dictionary<string, string> { [RawServer.ConnectionSetting] = connection }
        );

    private static string Checkout([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
