namespace Practice.Users.Domain;

/// <summary>
/// The failed sign-ins of one email, with or without an account: from one address, and from all together. An attempt is
/// counted before it is made, and the count is undone when it succeeds. Parallel attempts therefore get no further than
/// sequential ones.
/// </summary>
public sealed class SignInAttempts
{
    /// <summary>In place of an address: the attempts from all of them.</summary>
    public const string Everywhere = "";

    /// <summary>Without a wait, from one address.</summary>
    private const int FreeAttempts = 5;

    /// <summary>
    /// Without a wait, from all addresses together. Strangers who use them up do not shut the person out: where they
    /// have signed in before, only the attempts from there count.
    /// </summary>
    private const int FreeAttemptsEverywhere = 50;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(15);

    /// <summary>After this time without an attempt, the count starts again at zero.</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>How long an address is known after a sign-in from there.</summary>
    internal static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    private SignInAttempts() { }

    /// <summary>The hash of the normalized email: people sometimes type a password into that field.</summary>
    public string EmailHash { get; private init; } = null!;

    /// <summary>The hash of the email and the address, or <see cref="Everywhere"/>.</summary>
    public string AddressHash { get; private init; } = Everywhere;

    public int Failures { get; private set; }
    public DateTimeOffset LastAt { get; private set; }
    public DateTimeOffset? BlockedUntil { get; private set; }

    /// <summary>The last sign-in from this address.</summary>
    public DateTimeOffset? SucceededAt { get; private set; }

    public static SignInAttempts Of(string emailHash, string addressHash = Everywhere) =>
        new() { EmailHash = emailHash, AddressHash = addressHash };

    public bool IsKnown(DateTimeOffset now) => SucceededAt > now - KnownFor;

    /// <summary>How long to wait before the next attempt; null if it may be made.</summary>
    public TimeSpan? WaitAt(DateTimeOffset now) => BlockedUntil > now ? BlockedUntil - now : null;

    /// <summary>
    /// Counts an attempt that is about to be made. Returns how long to wait instead, if the email is locked out.
    /// </summary>
    public TimeSpan? Begin(DateTimeOffset now)
    {
        if (WaitAt(now) is { } wait)
            return wait;
        if (LastAt < now - Retention)
            Failures = 0;

        Failures++;
        LastAt = now;
        var free = AddressHash == Everywhere ? FreeAttemptsEverywhere : FreeAttempts;
        BlockedUntil = Failures < free ? null : now + WaitAfter(Failures - free);
        return null;
    }

    /// <summary>The last attempt did not fail: it counts neither as a failure nor as a success.</summary>
    public void Undo()
    {
        Failures = Math.Max(0, Failures - 1);
        BlockedUntil = null;
    }

    /// <summary>The person has proved who they are: the count starts again at zero.</summary>
    public void Succeed(DateTimeOffset now) => (Failures, LastAt, BlockedUntil, SucceededAt) = (0, now, null, now);

    private static TimeSpan WaitAfter(int tooMany)
    {
        var wait = FirstWait * (1 << Math.Min(tooMany, 4));
        return wait < MaxWait ? wait : MaxWait;
    }
}
