namespace Practice.Groups.Domain;

/// <summary>
/// A new person about to be added: which account id was chosen for this email. Stored before the account is made, gone with
/// the membership; while it stands, a repeat of the call goes on with the same account.
/// </summary>
public sealed class Reservation
{
    private Reservation() { }

    public Guid GroupId { get; private init; }
    public string NormalizedEmail { get; private init; } = null!;
    public Guid UserId { get; private init; }
    public DateTimeOffset ReservedAt { get; private init; }

    /// <summary>How many calls have begun to make this person a member.</summary>
    public int Attempts { get; private set; }

    internal int BeginAttempt() => ++Attempts;

    internal static Reservation Make(Guid groupId, string email, DateTimeOffset now) =>
        new()
        {
            GroupId = groupId,
            NormalizedEmail = EmailAddress.Normalize(email),
            UserId = Guid.CreateVersion7(now),
            ReservedAt = now,
        };
}
