using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Adding a user tells whether an email has an account. Thirty such answers an hour are plenty for a practice and too few
/// for somebody who tries addresses.
/// </summary>
public sealed class LookupLimit(IConfiguration configuration) : IDisposable
{
    private const int AnHour = 30;

    /// <summary><c>RateLimits:PerMinute=0</c> turns every limit off, for load tests.</summary>
    private readonly bool _off = configuration.GetValue<int?>("RateLimits:PerMinute") == 0;

    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.Create<Guid, Guid>(caller =>
        RateLimitPartition.GetSlidingWindowLimiter(caller, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = AnHour,
            Window = TimeSpan.FromHours(1),
            SegmentsPerWindow = 12,
        }));

    internal bool TryUse(Guid caller)
    {
        if (_off)
            return true;
        using var lease = _limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
