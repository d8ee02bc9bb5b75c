using System.Linq.Expressions;
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

    /// <summary>
    /// As <see cref="MaxPerWindow"/>, with the first from each place or account that requested it.
    /// </summary>
    public const int MaxFromAllPlaces = 50;

    /// <summary>Of these, about one grant, which its holder can give and take all day.</summary>
    public const int MaxAboutOneThing = 3;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>
    /// From one practice about appointments, within <see cref="AppointmentWindow"/>, and as many reminders: a course of
    /// treatment is booked at once.
    /// </summary>
    public const int MaxAboutAppointments = 10;

    public static readonly TimeSpan AppointmentWindow = TimeSpan.FromDays(1);

    private RequestedEmail() { }

    /// <summary>The email's own id: a repeated delivery counts once.</summary>
    public Guid Id { get; private init; }

    public string NormalizedEmail { get; private init; } = null!;

    /// <summary>
    /// The kind of an email with a link, or of a reminder; <see cref="EmailKind.AppointmentBooked"/> for all others
    /// about appointments, and null for the rest together.
    /// </summary>
    public EmailKind? Kind { get; private init; }

    /// <summary>What it is about, or the practice; null for an email counted by an earlier version.</summary>
    public Guid? SubjectId { get; private init; }

    /// <summary>
    /// Where the request came from, or the account that asked, as a hash; null for emails that nobody requests so.
    /// </summary>
    public string? RequestedFrom { get; private init; }

    public DateTimeOffset SentAt { get; private init; }

    /// <summary>How many of a kind may be about one thing.</summary>
    public static int MaxAboutOne(EmailKind? kind) =>
        kind is EmailKind.AppointmentBooked or EmailKind.AppointmentReminder ? MaxAboutAppointments : MaxAboutOneThing;

    /// <summary>Those that count no longer.</summary>
    public static Expression<Func<RequestedEmail, bool>> IsOver(DateTimeOffset now)
    {
        var (usual, aboutAppointments) = (now - Window, now - AppointmentWindow);
        return email =>
            email.SentAt <= usual
            && (
                (email.Kind != EmailKind.AppointmentBooked && email.Kind != EmailKind.AppointmentReminder)
                || email.SentAt <= aboutAppointments
            );
    }

    public static RequestedEmail Of(CountRequestedEmail email, string normalizedEmail, DateTimeOffset now) =>
        new()
        {
            Id = email.MailId,
            NormalizedEmail = normalizedEmail,
            Kind = email.Kind,
            SubjectId = email.SubjectId,
            RequestedFrom = email.RequestedFrom,
            SentAt = now,
        };
}
