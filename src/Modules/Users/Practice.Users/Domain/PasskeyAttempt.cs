namespace Practice.Users.Domain;

public enum PasskeyPurpose
{
    Add,
    SignIn,

    /// <summary>Confirms in a session that the person is there.</summary>
    Verify,
}

/// <summary>
/// What the server must remember between handing out a challenge and checking its answer. It is deleted when an answer
/// comes, right or wrong: a passkey without a counter would give the same answer twice.
/// </summary>
public sealed class PasskeyAttempt
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private PasskeyAttempt() { }

    public Guid Id { get; private init; }
    public PasskeyPurpose Purpose { get; private init; }

    /// <summary>The signed-in person; null for a sign-in.</summary>
    public Guid? AccountId { get; private init; }

    /// <summary>Their session: no other one answers its challenge.</summary>
    public Guid? SessionId { get; private init; }

    /// <summary>Identity's own, with the challenge.</summary>
    public string State { get; private init; } = null!;

    public DateTimeOffset ExpiresAt { get; private init; }

    public static PasskeyAttempt Begin(
        PasskeyPurpose purpose,
        Guid? accountId,
        Guid? sessionId,
        string state,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            Purpose = purpose,
            AccountId = accountId,
            SessionId = sessionId,
            State = state,
            ExpiresAt = now + Lifetime,
        };

    public bool IsFor(PasskeyPurpose purpose, Guid? accountId, Guid? sessionId, DateTimeOffset now) =>
        Purpose == purpose && AccountId == accountId && SessionId == sessionId && now < ExpiresAt;
}
