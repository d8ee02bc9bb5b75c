using Practice.Users.Email;

namespace Practice.Users.Domain;

/// <summary>
/// An email that anyone can cause, to any address they know. It is counted, so that one person cannot flood another's
/// mailbox. Emails with a link, which let a person in, are counted each kind by itself: no other email uses them up.
/// </summary>
public sealed class RequestedEmail
{
    /// <summary>To one address of one kind, within <see cref="Window"/>.</summary>
    public const int MaxPerWindow = 10;

    /// <summary>Of these, about one grant, which its holder can give and take all day.</summary>
    public const int MaxAboutOneThing = 3;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private RequestedEmail() { }

    /// <summary>The email's own id: a repeated delivery counts once.</summary>
    public Guid Id { get; private init; }

    public string NormalizedEmail { get; private init; } = null!;

    /// <summary>The kind of an email with a link; null for all others together.</summary>
    public EmailKind? Kind { get; private init; }

    /// <summary>What it is about; null for an email counted by an earlier version.</summary>
    public Guid? SubjectId { get; private init; }

    public DateTimeOffset SentAt { get; private init; }

    public static RequestedEmail Of(
        Guid mailId,
        string normalizedEmail,
        EmailKind? kind,
        Guid? subjectId,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = mailId,
            NormalizedEmail = normalizedEmail,
            Kind = kind,
            SubjectId = subjectId,
            SentAt = now,
        };
}
