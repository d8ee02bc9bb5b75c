using System.Net.Http.Headers;
using Practice.Benchmarks.Load;
using Practice.Benchmarks.Seeds;
using Practice.Benchmarks.Servers;

namespace Practice.Benchmarks.Measures;

/// <summary>One server's answers to one load: medians of the rounds.</summary>
internal sealed record Figures(double PerSecond, double ServerMicros, double DatabaseMicros, TimeSpan P50, TimeSpan P99)
{
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
internal sealed record ComparisonResult(ApiPath Path, int Concurrency, Figures First, Figures Second, double Ratio);

/// <summary>Runs two servers alternately, with the same calls, so that a machine that is busy with other work slows both.</summary>
internal sealed class Comparison(DatabaseServer database, Options options)
{
    private const int Rounds = 3;

    /// <summary>What they answer must be the same, byte for byte.</summary>
    public static async Task AssertSameAsync(ApiPath path, ChildServer first, ChildServer second)
    {
        if (path.Writes)
            return;
        var (one, other) = (await BodyAsync(path, first), await BodyAsync(path, second));
        if (one != other)
            throw new InvalidOperationException(
                $"{path.Name}: the answers differ.{Environment.NewLine}{one}{Environment.NewLine}{other}"
            );
    }

    /// <param name="first">The one that the other is compared with.</param>
    public IEnumerable<ComparisonResult> Run(ApiPath path, ChildServer first, ChildServer second)
    {
        foreach (var server in new[] { first, second })
            Load(path, server, 16, options.WarmUp);
        foreach (var concurrency in options.Concurrencies)
        {
            var (firsts, seconds) = (new List<Figures>(), new List<Figures>());
            for (var round = 0; round < Rounds; round++)
            {
                firsts.Add(Load(path, first, concurrency, options.Round));
                seconds.Add(Load(path, second, concurrency, options.Round));
            }

            yield return new ComparisonResult(
                path,
                concurrency,
                Figures.MedianOf(firsts),
                Figures.MedianOf(seconds),
                firsts.Zip(seconds, (a, b) => b.PerSecond / a.PerSecond).Median()
            );
        }
    }

    private Figures Load(ApiPath path, ChildServer server, int concurrency, TimeSpan duration)
    {
        var (serverBefore, databaseBefore) = (server.Cpu, database.Cpu);
        var load = LoadRun.Run(server.Url, concurrency, duration, (_, _) => path.Request, path.Status);
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
