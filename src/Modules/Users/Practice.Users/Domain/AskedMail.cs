namespace Practice.Users.Domain;

/// <summary>A mail that anybody can have sent to any address, by knowing it: counted, so that nobody floods another's mailbox.</summary>
public sealed class AskedMail
{
    /// <summary>To one address within an hour.</summary>
    public const int MostAnHour = 10;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private AskedMail() { }

    /// <summary>The mail's own id: sending it again, since the mail server did not take it, counts once.</summary>
    public Guid Id { get; private init; }

    public string NormalizedEmail { get; private init; } = null!;
    public DateTimeOffset SentAt { get; private init; }

    public static AskedMail Of(Guid mailId, string normalizedEmail, DateTimeOffset now) =>
        new()
        {
            Id = mailId,
            NormalizedEmail = normalizedEmail,
            SentAt = now,
        };
}
