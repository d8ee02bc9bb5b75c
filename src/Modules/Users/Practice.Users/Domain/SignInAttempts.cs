namespace Practice.Users.Domain;

/// <summary>
/// The failed sign-ins of one email, whether or not it has an account. A try is counted before it is made and taken back
/// when it succeeds: however many are made at once, no more get through than the count allows.
/// </summary>
public sealed class SignInAttempts
{
    private const int Free = 5;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>An email that nobody has tried for so long starts afresh.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private SignInAttempts() { }

    /// <summary>The hash of the normalized email: people type other things than emails into that field.</summary>
    public string EmailHash { get; private init; } = null!;

    public int Failures { get; private set; }
    public DateTimeOffset LastAt { get; private set; }
    public DateTimeOffset? BlockedUntil { get; private set; }

    public static SignInAttempts Of(string emailHash) => new() { EmailHash = emailHash };

    /// <summary>Counts a try that is about to be made, or says how long it has to wait.</summary>
    public TimeSpan? Begin(DateTimeOffset now)
    {
        if (BlockedUntil > now)
            return BlockedUntil - now;
        if (LastAt < now - Memory)
            Failures = 0;

        Failures++;
        LastAt = now;
        BlockedUntil = Failures < Free ? null : now + WaitAfter(Failures);
        return null;
    }

    /// <summary>The try was right as far as it went, and counts neither as a failure nor as a success.</summary>
    public void TakeBack()
    {
        Failures = Math.Max(0, Failures - 1);
        BlockedUntil = null;
    }

    private static TimeSpan WaitAfter(int failures)
    {
        var doublings = Math.Min(failures - Free, 4);
        var wait = FirstWait * (1 << doublings);
        return wait < LongestWait ? wait : LongestWait;
    }
}
