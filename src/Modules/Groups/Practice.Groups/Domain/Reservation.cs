namespace Practice.Groups.Domain;

/// <summary>
/// A new person who is being added: the account id that was chosen for their email. It is stored before the account is
/// made and removed with the membership. While it exists, a repeat of the call continues with the same account.
/// </summary>
public sealed class Reservation
{
    private Reservation() { }

    public Guid GroupId { get; private init; }
    public string NormalizedEmail { get; private init; } = null!;
    public Guid UserId { get; private init; }

    /// <summary>When the last call started to add this person.</summary>
    public DateTimeOffset ReservedAt { get; private set; }

    /// <summary>How many calls have started to add this person.</summary>
    public int Attempts { get; private set; }

    internal int BeginAttempt(DateTimeOffset now)
    {
        ReservedAt = now;
        return ++Attempts;
    }

    internal static Reservation Create(Guid groupId, string email, DateTimeOffset now) =>
        new()
        {
            GroupId = groupId,
            NormalizedEmail = EmailAddress.Normalize(email),
            UserId = Guid.CreateVersion7(now),
            ReservedAt = now,
        };
}
