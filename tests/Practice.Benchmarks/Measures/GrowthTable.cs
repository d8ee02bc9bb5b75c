using Practice.Benchmarks.Seeds;

namespace Practice.Benchmarks.Measures;

/// <summary>
/// The product on the large set beside itself on the small one: pages of the same practice, with the same rows.
/// </summary>
internal static class GrowthTable
{
    private const double MaxTimes = 1.1;

    public static async Task WriteAsync(Bench bench, string large)
    {
        var report = bench.Report;
        report.Line();
        report.Line($"Large set: {DataSet.Large.Text}.");
        report.Table(
            $"large beside small",
            "small: calls/s",
            "large",
            "time, × the small one's",
            "CPU, ×",
            "CPU µs a call, server / PostgreSQL: small",
            "large",
            $"asked: ≤ {MaxTimes}"
        );
        await using var onSmall = await bench.StartOursAsync();
        await using var onLarge = await bench.Host.StartAsync(large);
        var comparison = new Comparison(bench.Database, bench.Options);
        foreach (var path in ApiPath.Growing.Where(path => bench.Options.Wants(path.Name)))
        {
            await foreach (var result in comparison.RunAsync(path, onSmall, onLarge, () => Task.CompletedTask, 16))
            {
                var times = 1 / result.Ratio;
                report.Row(
                    $"{path.Text} (`{path.Name}`)",
                    Report.Number(result.First.PerSecond),
                    Report.Number(result.Second.PerSecond),
                    $"**{Report.Number(times, "0.00")}**",
                    Report.Number(1 / result.CpuRatio, "0.00"),
                    Cpu(result.First),
                    Cpu(result.Second),
                    times <= MaxTimes ? "met" : "**not met**"
                );
            }
        }

        static string Cpu(Figures figures) =>
            $"{Report.Number(figures.ServerMicros)} / {Report.Number(figures.DatabaseMicros)}";
    }
}
