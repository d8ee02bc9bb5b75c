namespace Practice.Users.Domain;

/// <summary>
/// The failed sign-ins of one email, with or without an account. An attempt is counted before it is made, and the count
/// is undone when it succeeds. Parallel attempts therefore get no further than sequential ones.
/// </summary>
public sealed class SignInAttempts
{
    private const int FreeAttempts = 5;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>After this time without an attempt, the count starts again at zero.</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    private SignInAttempts() { }

    /// <summary>The hash of the normalized email: people sometimes type a password into that field.</summary>
    public string EmailHash { get; private init; } = null!;

    public int Failures { get; private set; }
    public DateTimeOffset LastAt { get; private set; }
    public DateTimeOffset? BlockedUntil { get; private set; }

    public static SignInAttempts Of(string emailHash) => new() { EmailHash = emailHash };

    /// <summary>
    /// Counts an attempt that is about to be made. Returns how long to wait instead, if the email is locked out.
    /// </summary>
    public TimeSpan? Begin(DateTimeOffset now)
    {
        if (BlockedUntil > now)
            return BlockedUntil - now;
        if (LastAt < now - Retention)
            Failures = 0;

        Failures++;
        LastAt = now;
        BlockedUntil = Failures < FreeAttempts ? null : now + WaitAfter(Failures);
        return null;
    }

    /// <summary>The last attempt did not fail: it counts neither as a failure nor as a success.</summary>
    public void Undo()
    {
        Failures = Math.Max(0, Failures - 1);
        BlockedUntil = null;
    }

    private static TimeSpan WaitAfter(int failures)
    {
        var doublings = Math.Min(failures - FreeAttempts, 4);
        var wait = FirstWait * (1 << doublings);
        return wait < LongestWait ? wait : LongestWait;
    }
}
