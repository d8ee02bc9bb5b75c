namespace Practice.Web.Sessions;

/// <summary>When an idle browser is signed out, and how long before that the page warns.</summary>
/// <param name="Idle">The limit that people see.</param>
public sealed record SessionLimits(TimeSpan Idle)
{
    private static readonly TimeSpan MaxWarning = TimeSpan.FromMinutes(2);

    public TimeSpan WarnBefore => Idle / 2 < MaxWarning ? Idle / 2 : MaxWarning;

    /// <summary>A session is renewed after this time, not with every page.</summary>
    internal TimeSpan RenewAfter => Idle / 15 < TimeSpan.FromMinutes(1) ? Idle / 15 : TimeSpan.FromMinutes(1);

    /// <summary>
    /// A little longer than the limit that people see, since the last page may not have renewed the session.
    /// </summary>
    internal TimeSpan Lifetime => Idle + RenewAfter;
}
