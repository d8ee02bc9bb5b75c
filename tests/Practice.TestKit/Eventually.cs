using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Practice.TestKit;

/// <summary>
/// Waits for what happens after the answer: emails, events, their handlers. On a condition, and not forever.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static Task Is(
        Func<Task<bool>> condition,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(condition))] string what = ""
    ) => Get(async () => await condition() ? new object() : null, limit, what);

    /// <summary>What <paramref name="find"/> finds, as soon as it is not null.</summary>
    public static async Task<T> Get<T>(
        Func<Task<T?>> find,
        TimeSpan? limit = null,
        [CallerArgumentExpression(nameof(find))] string what = ""
    )
        where T : class
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await find() is { } found)
                return found;
            if (waited.Elapsed > (limit ?? Limit))
                throw new TimeoutException($"Not within {waited.Elapsed.TotalSeconds:0} s: {what}");
            await Task.Delay(Pause);
        }
    }
}
