namespace Practice.Users.Domain;

/// <summary>
/// An email that anyone can cause, to any address they know. It is counted, so that one person cannot flood another's
/// mailbox.
/// </summary>
public sealed class RequestedEmail
{
    /// <summary>To one address, within <see cref="Window"/>.</summary>
    public const int MaxPerWindow = 10;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private RequestedEmail() { }

    /// <summary>The email's own id: a repeated delivery counts once.</summary>
    public Guid Id { get; private init; }

    public string NormalizedEmail { get; private init; } = null!;
    public DateTimeOffset SentAt { get; private init; }

    public static RequestedEmail Of(Guid mailId, string normalizedEmail, DateTimeOffset now) =>
        new()
        {
            Id = mailId,
            NormalizedEmail = normalizedEmail,
            SentAt = now,
        };
}
