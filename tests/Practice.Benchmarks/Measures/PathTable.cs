using Practice.Benchmarks.Load;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>The product beside the raw baseline, path by path.</summary>
internal static class PathTable
{
    public static async Task WriteAsync(Bench bench, string rawConnection, ChildServer raw, ChildServer ours)
    {
        var paths = ApiPath.All.Where(path => bench.Options.Wants(path.Name)).ToList();
        if (paths.Count == 0)
            return;
        await WriteClientAsync(bench, raw);

        var report = bench.Report;
        report.Table(
            "path",
            "callers",
            "raw/s",
            "ours/s",
            "ratio",
            "by CPU",
            "CPU µs a call, server / PostgreSQL: raw",
            "ours",
            "p50 / p99 ms: raw",
            "ours",
            "asked"
        );
        var comparison = new Comparison(bench.Database, bench.Options);
        foreach (var path in paths)
        {
            await Comparison.AssertSameAsync(path, raw, ours);
            await foreach (var result in comparison.RunAsync(path, raw, ours, VacuumAsync, bench.Options.Concurrencies))
                report.Row(
                    $"{path.Text} (`{path.Name}`)",
                    Report.Number(result.Concurrency),
                    Report.Number(result.First.PerSecond),
                    Report.Number(result.Second.PerSecond),
                    $"**{Report.Number(result.Ratio, "0.00")}**",
                    Report.Number(result.CpuRatio, "0.00"),
                    Cpu(result.First),
                    Cpu(result.Second),
                    Times(result.First),
                    Times(result.Second),
                    result.Concurrency == 16 ? Report.AtLeast(result.Ratio, path.Floor, path.Goal) : ""
                );
        }

        async Task VacuumAsync()
        {
            await Sql.ExecuteAsync(bench.Small, "vacuum analyze");
            await Sql.ExecuteAsync(rawConnection, "vacuum analyze");
        }
    }

    /// <summary>It shares the processors with what it measures, so what it takes belongs to the figures.</summary>
    private static async Task WriteClientAsync(Bench bench, ChildServer raw)
    {
        var nothing = new ApiCall("GET", "/nothing").For(raw.Url);
        await LoadRun.RunAsync(nothing, 16, TimeSpan.FromSeconds(3));
        var (client, server) = (Environment.CpuUsage.TotalTime, raw.Cpu);
        var load = await LoadRun.RunAsync(nothing, 16, bench.Options.Round);
        bench.Report.Line();
        bench.Report.Line(
            $"An endpoint that does nothing answers {Report.Number(load.PerSecond)} calls/s; a call costs its server "
                + $"{Report.Number((raw.Cpu - server).TotalMicroseconds / load.Calls)} µs and the load client "
                + $"{Report.Number((Environment.CpuUsage.TotalTime - client).TotalMicroseconds / load.Calls)} µs."
        );
    }

    private static string Cpu(Figures figures) =>
        $"{Report.Number(figures.ServerMicros)} / {Report.Number(figures.DatabaseMicros)}";

    private static string Times(Figures figures) => $"{Report.Millis(figures.P50)} / {Report.Millis(figures.P99)}";
}
