using System.Diagnostics;
using System.Net.Http.Headers;
using Practice.Benchmarks.Load;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>One server's answers to one load: medians of the rounds.</summary>
internal sealed record Figures(double PerSecond, double ServerMicros, double DatabaseMicros, TimeSpan P50, TimeSpan P99)
{
    public double Micros => ServerMicros + DatabaseMicros;

    public static Figures MedianOf(IReadOnlyList<Figures> rounds) =>
        new(
            rounds.Select(round => round.PerSecond).Median(),
            rounds.Select(round => round.ServerMicros).Median(),
            rounds.Select(round => round.DatabaseMicros).Median(),
            TimeSpan.FromTicks((long)rounds.Select(round => (double)round.P50.Ticks).Median()),
            TimeSpan.FromTicks((long)rounds.Select(round => (double)round.P99.Ticks).Median())
        );
}

/// <param name="Ratio">The median of the rounds' ratios: each round runs both, one after the other.</param>
/// <param name="CpuRatio">
/// The same by the processor time of server and PostgreSQL, on which a busy machine has less influence.
/// </param>
internal sealed record ComparisonResult(int Concurrency, Figures First, Figures Second, double Ratio, double CpuRatio);

/// <summary>
/// Runs two servers alternately, with the same calls, so that a machine that is busy with other work slows both.
/// </summary>
internal sealed class Comparison(DatabaseServer database, Options options)
{
    private const int Rounds = 3;
    private static readonly TimeSpan MaxWarmUp = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan WarmUpSlice = TimeSpan.FromSeconds(0.5);

    /// <summary>What they answer must be the same, byte for byte.</summary>
    public static async Task AssertSameAsync(ApiPath path, ChildServer first, ChildServer second)
    {
        if (path.Method != "GET")
            return;
        var (one, other) = (await BodyAsync(path, first), await BodyAsync(path, second));
        if (one != other)
            throw new InvalidOperationException(
                $"{path.Name}: the answers differ.{Environment.NewLine}{one}{Environment.NewLine}{other}"
            );
    }

    /// <param name="first">The one that the other is compared with.</param>
    /// <param name="afterWrites">Cleans up, so that the database does not while the next path is measured.</param>
    public async IAsyncEnumerable<ComparisonResult> RunAsync(
        ApiPath path,
        ChildServer first,
        ChildServer second,
        Func<Task> afterWrites,
        params int[] concurrencies
    )
    {
        foreach (var server in new[] { first, second })
            await WarmUpAsync(path, server);
        foreach (var concurrency in concurrencies)
        {
            var (firsts, seconds) = (new List<Figures>(), new List<Figures>());
            for (var round = 0; round < Rounds; round++)
            {
                firsts.Add(await LoadAsync(path, first, concurrency, options.Round));
                seconds.Add(await LoadAsync(path, second, concurrency, options.Round));
            }

            yield return new ComparisonResult(
                concurrency,
                Figures.MedianOf(firsts),
                Figures.MedianOf(seconds),
                firsts.Zip(seconds, (a, b) => b.PerSecond / a.PerSecond).Median(),
                firsts.Zip(seconds, (a, b) => a.Micros / b.Micros).Median()
            );
        }

        if (path.Writes)
            await afterWrites();
    }

    /// <summary>
    /// Until calls no longer get cheaper: the runtime compiles again what is called often. On a busy machine that takes
    /// longer, so calls are counted, not seconds.
    /// </summary>
    private async Task WarmUpAsync(ApiPath path, ChildServer server)
    {
        var (calls, cheapest, steady) = (0.0, double.MaxValue, 0);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < MaxWarmUp && calls < options.WarmUpCalls && steady < 4; )
        {
            var slice = await LoadAsync(path, server, 16, WarmUpSlice);
            calls += slice.PerSecond * WarmUpSlice.TotalSeconds;
            steady = slice.ServerMicros > cheapest * 0.95 ? steady + 1 : 0;
            cheapest = Math.Min(cheapest, slice.ServerMicros);
        }
    }

    private async Task<Figures> LoadAsync(ApiPath path, ChildServer server, int concurrency, TimeSpan duration)
    {
        var (serverBefore, databaseBefore) = (server.Cpu, database.Cpu);
        var load = await LoadRun.RunAsync(path.Call.For(server.Url), concurrency, duration, path.Status);
        if (path.Writes)
            await server.SettleAsync(); // what follows a write is part of what it costs
        var (serverAfter, databaseAfter) = (server.Cpu, database.Cpu);
        return new Figures(
            load.PerSecond,
            (serverAfter - serverBefore).TotalMicroseconds / load.Calls,
            (databaseAfter - databaseBefore).TotalMicroseconds / load.Calls,
            load.Median,
            load.P99
        );
    }

    private static async Task<string> BodyAsync(ApiPath path, ChildServer server)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DataSet.Token);
        return await http.GetStringAsync(path.Path);
    }
}

internal static class Medians
{
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
