using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Adding a user reveals whether an email has an account. Thirty such answers an hour and ten imported files a day are
/// enough for a practice, and too few for trying out addresses.
/// </summary>
public sealed class LookupLimit(IConfiguration configuration) : IDisposable
{
    private const int LookupsAnHour = 30;
    private const int FilesADay = 10;

    /// <summary><c>RateLimits:PerMinute=0</c> turns every limit off, for load tests.</summary>
    private readonly bool _off = configuration.GetValue<int?>("RateLimits:PerMinute") == 0;

    private readonly PartitionedRateLimiter<Guid> _lookups = Allow(LookupsAnHour, TimeSpan.FromHours(1));
    private readonly PartitionedRateLimiter<Guid> _files = Allow(FilesADay, TimeSpan.FromDays(1));

    internal bool TryUse(Guid caller) => Try(_lookups, caller);

    internal bool TryImport(Guid caller) => Try(_files, caller);

    public void Dispose()
    {
        _lookups.Dispose();
        _files.Dispose();
    }

    private bool Try(PartitionedRateLimiter<Guid> limiter, Guid caller)
    {
        if (_off)
            return true;
        using var lease = limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<Guid> Allow(int times, TimeSpan within) =>
        PartitionedRateLimiter.Create<Guid, Guid>(caller =>
            RateLimitPartition.GetSlidingWindowLimiter(caller, _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = times,
                Window = within,
                SegmentsPerWindow = 12,
            })
        );
}
