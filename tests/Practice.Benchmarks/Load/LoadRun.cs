using System.Diagnostics;

namespace Practice.Benchmarks.Load;

/// <summary>How a server answered callers, each of whom waits for an answer before the next call.</summary>
internal sealed record LoadResult(int Calls, TimeSpan Elapsed, TimeSpan Median, TimeSpan P99)
{
    public double PerSecond => Calls / Elapsed.TotalSeconds;
}

internal static class LoadRun
{
    /// <param name="callers">The call that each of them makes, again and again.</param>
    public static async Task<LoadResult> RunAsync(
        IReadOnlyList<Func<HttpRequestMessage>> callers,
        TimeSpan duration,
        int expected = 200,
        CancellationToken end = default
    )
    {
        using var client = new LoadClient();
        var clock = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(
            callers.Select(call => Task.Run(() => CallAsync(call), CancellationToken.None))
        );
        var elapsed = clock.Elapsed;
        var sorted = latencies.SelectMany(each => each).Order().ToArray();
        if (sorted.Length == 0)
            throw new InvalidOperationException("No call was answered.");
        return new LoadResult(sorted.Length, elapsed, At(0.5), At(0.99));

        TimeSpan At(double share) => Stopwatch.GetElapsedTime(0, sorted[(int)((sorted.Length - 1) * share)]);

        async Task<List<long>> CallAsync(Func<HttpRequestMessage> call)
        {
            var mine = new List<long>(16 * 1024);
            for (var begun = Stopwatch.GetTimestamp(); clock.Elapsed < duration && !end.IsCancellationRequested; )
            {
                await client.SendAsync(call, expected);
                var ended = Stopwatch.GetTimestamp();
                mine.Add(ended - begun);
                begun = ended;
            }
            return mine;
        }
    }

    /// <summary>Callers who all make the same call.</summary>
    public static Task<LoadResult> RunAsync(
        Func<HttpRequestMessage> call,
        int callers,
        TimeSpan duration,
        int expected = 200
    ) => RunAsync([.. Enumerable.Repeat(call, callers)], duration, expected);
}
