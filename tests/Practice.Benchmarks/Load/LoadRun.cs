using System.Diagnostics;

namespace Practice.Benchmarks.Load;

/// <summary>How a server answered calls that came from a number of callers at once, each waiting for its answer.</summary>
internal sealed record LoadResult(int Calls, TimeSpan Elapsed, TimeSpan Median, TimeSpan P99)
{
    public double PerSecond => Calls / Elapsed.TotalSeconds;
}

internal static class LoadRun
{
    /// <param name="request">The request of a caller: their number, and the number of the call.</param>
    public static LoadResult Run(
        Uri url,
        int concurrency,
        TimeSpan duration,
        Func<int, int, byte[]> request,
        int expected = 200,
        CancellationToken end = default
    )
    {
        var latencies = new List<long>[concurrency];
        var failures = new Exception?[concurrency];
        using var ready = new Barrier(concurrency + 1);
        var until = long.MaxValue;
        var threads = Enumerable.Range(0, concurrency).Select(Start).ToList();
        ready.SignalAndWait(CancellationToken.None);
        var started = Stopwatch.GetTimestamp();
        Volatile.Write(ref until, started + (long)(duration.TotalSeconds * Stopwatch.Frequency));
        threads.ForEach(thread => thread.Join());
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (failures.FirstOrDefault(failure => failure is not null) is { } failed)
            throw new InvalidOperationException($"A call of {url} failed: {failed.Message}", failed);

        var sorted = latencies.SelectMany(each => each).Order().ToArray();
        return new LoadResult(sorted.Length, elapsed, At(0.5), At(0.99));

        TimeSpan At(double share) =>
            sorted.Length == 0
                ? TimeSpan.Zero
                : Stopwatch.GetElapsedTime(0, sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))]);

        Thread Start(int caller)
        {
            var thread = new Thread(() => Call(caller), maxStackSize: 256 * 1024) { IsBackground = true };
            thread.Start();
            return thread;
        }

        void Call(int caller)
        {
            var mine = latencies[caller] = new List<long>(16 * 1024);
            HttpConnection? connection = null;
            try
            {
                connection = new HttpConnection(url);
            }
            catch (Exception failed)
            {
                failures[caller] = failed;
            }

            ready.SignalAndWait(CancellationToken.None);
            try
            {
                var begun = Stopwatch.GetTimestamp();
                while (connection is not null && begun < Volatile.Read(ref until) && !end.IsCancellationRequested)
                {
                    var status = connection.Send(request(caller, mine.Count));
                    if (status != expected)
                        throw new InvalidOperationException($"The answer was {status}.");
                    var ended = Stopwatch.GetTimestamp();
                    mine.Add(ended - begun);
                    begun = ended;
                }
            }
            catch (Exception failed)
            {
                failures[caller] = failed;
            }
            finally
            {
                connection?.Dispose();
            }
        }
    }
}
