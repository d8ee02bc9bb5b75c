namespace Practice.Web.Sessions;

/// <summary>How long a browser may be left alone before it is signed out, and how much sooner its page warns.</summary>
/// <param name="Idle">What people are told.</param>
public sealed record SessionLimits(TimeSpan Idle)
{
    public static readonly TimeSpan DefaultIdle = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestWarning = TimeSpan.FromMinutes(2);

    public TimeSpan WarnBefore => Idle / 2 < LongestWarning ? Idle / 2 : LongestWarning;

    /// <summary>A session is written anew when this much time has passed, not with every page.</summary>
    internal TimeSpan RenewAfter => Idle / 15 < TimeSpan.FromMinutes(1) ? Idle / 15 : TimeSpan.FromMinutes(1);

    /// <summary>The session itself lives a little longer than people are told: it may have been written before the last page was made.</summary>
    internal TimeSpan Life => Idle + RenewAfter;
}
