using System.Runtime.CompilerServices;
using Practice.Benchmarks.Measures;
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

        // Not a "temporary subdirectory", which nobody but its maker could enter: the database server may run as
        // another user.
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
        _report.Line($"PostgreSQL with {DatabaseServer.SettingsText}. Small set: {DataSet.Small.Text}.");
        await FillAsync(database, host, DataSet.Small);
        var bench = new Bench(options, _report, database, host, await CopyAsync(database, host, "bench_ours"));
        // Raw writes elsewhere: the host would add what it finds to the audit's chain.
        var rawConnection = await CopyAsync(database, host, "bench_raw");
        await using (var raw = await Bench.StartRawAsync(rawConnection))
        await using (var ours = await bench.StartOursAsync())
        {
            await PathTable.WriteAsync(bench, rawConnection, raw, ours);
            await SignInTable.WriteAsync(bench, raw, ours);
        }
        await HostTable.WriteAsync(bench);
        if (options.Wants("pages"))
            await PageTable.WriteAsync(
                bench with
                {
                    Small = await CopyAsync(database, host, "bench_pages"), // without the locations of all the writes
                }
            );
        await CountTable.WriteAsync(bench, rawConnection);
        if (options.Large)
            await GrowthTable.WriteAsync(
                bench with
                {
                    Small = await CopyAsync(database, host, "bench_growth"),
                },
                await FillAsync(database, host, DataSet.Large)
            );
    }

    /// <summary>The small set as it was filled: earlier runs and measurements have left nothing in it.</summary>
    private static async Task<string> CopyAsync(DatabaseServer database, PublishedHost host, string name)
    {
        await database.CopyAsync(DataSet.Small.Database, name);
        var connection = database.ConnectionTo(name);
        await host.MigrateAsync(connection); // a copy lacks the rights on the database itself
        await DataSet.OpenSessionAsync(connection);
        return connection;
    }

    /// <summary>Fills the database of this set, unless an earlier run has; its owner's connection string.</summary>
    private static async Task<string> FillAsync(DatabaseServer database, PublishedHost host, DataSet data)
    {
        var connection = database.ConnectionTo(data.Database);
        if (!await database.HasAsync(data.Database))
            await database.CreateAsync(data.Database);
        await host.MigrateAsync(connection);
        await Sql.ExecuteAsync(connection, "create extension if not exists pg_stat_statements");
        if (!await Sql.ScalarAsync<bool>(connection, "select exists (select from groups.groups)"))
            await data.FillAsync(connection);
        await DataSet.OpenSessionAsync(connection);
        return connection;
    }

    private static string Checkout([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
