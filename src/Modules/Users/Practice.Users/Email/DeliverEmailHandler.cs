using Microsoft.Extensions.Logging;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.Users.Domain;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace Practice.Users.Email;

public static partial class DeliverEmailHandler
{
    /// <summary>
    /// A mail server may be down for a night: retries over about two days. After that the message stays in the dead
    /// letters, as does one that the server rejected.
    /// </summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        .. Enumerable.Repeat(TimeSpan.FromHours(1), 6),
        .. Enumerable.Repeat(TimeSpan.FromHours(4), 10),
    ];

    public static void Configure(HandlerChain chain)
    {
        chain.OnException<EmailRejectedException>().MoveToErrorQueue();
        chain.OnException<EmailNotSentException>().ScheduleRetry(Pauses);
    }

    /// <summary>
    /// Sends it, unless the person does not want it, the address has received too many, its link has become useless, it
    /// reminds of a time at which nobody is expected, or its recipient is not told of the appointment any more.
    /// </summary>
    public static async Task Handle(
        DeliverEmail email,
        Mailer mailer,
        IModuleBus bus,
        TimeProvider clock,
        ILogger<Mailer> log,
        CancellationToken ct
    )
    {
        if (email is { Kind: EmailKind.AppointmentReminder, Appointment: { } told })
        {
            if (
                told.Facts.StartsAt <= clock.GetUtcNow()
                || await FindAppointmentAsync(email, told.Facts, bus, ct) is not { } appointment
            )
                return;
            email = email with { Appointment = told with { Facts = appointment } };
        }

        if (email is { Appointment: { } about, GroupId: { } practice })
        {
            if (await FindRecipientAsync(email, about, practice, bus, ct) is not { } to)
                return;
            email = email with { To = to };
        }

        var template = mailer.TemplateOf(email.Kind);
        var wanted =
            template.Category is not null || IsToRecordedAddress(email)
                ? (await bus.InvokeAsSystemAsync(new CheckEmailWanted(template.Category, email.To), ct)).Value
                : null;
        if (wanted is { IsWanted: false })
            return;
        if (
            template.AnyoneCanCause
            && email.Appointment is not { InPortal: true } // who linked the practice has asked for these
            && !(await bus.InvokeAsSystemAsync(Count(email, template), ct)).Value.MaySend
        )
        {
            LogTooMany(log, email.Kind, email.GroupId);
            return;
        }

        var link = await IssueLinkAsync(email, template, bus, ct);
        if (link.IsError && link.FirstError == CommonErrors.NotFound)
            return;
        // With any other error this throws: no email is lost silently.
        var (main, unsubscribe) = (link.Value, await IssueUnsubscribeLinkAsync(email, template, wanted, bus, ct));
        await mailer.SendAsync(email, main, unsubscribe ?? main, ct);
    }

    /// <summary>
    /// What the reminder says now. Null if the appointment was cancelled, or is at another time or one that clocks show
    /// otherwise since, of which there is a reminder of its own.
    /// </summary>
    private static async Task<AppointmentFacts?> FindAppointmentAsync(
        DeliverEmail email,
        AppointmentFacts told,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (email.GroupId is not { } groupId)
            return told; // there is nobody to ask
        var query = new FindAppointmentToRemindOf(groupId, told.Id, told.ChangedAt);
        var now = (await bus.QueryAsync(query, ct)).Appointment;
        return now?.StartsAt == told.StartsAt ? now : null;
    }

    /// <summary>
    /// The address of now, since the email may have waited for days: that of the person, or the one that the practice
    /// has typed. Null if there is none, or they are not told of the appointment any more.
    /// </summary>
    private static async Task<string?> FindRecipientAsync(
        DeliverEmail email,
        AppointmentEmailDetails about,
        Guid groupId,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (about is { InPortal: true, UserId: null })
            return email.To;
        var check = new CheckAppointmentRecipient(groupId, about.Facts.Id, about.UserId);
        var recipient = (await bus.InvokeAsSystemAsync(check, ct)).Value;
        if (!recipient.IsTold)
            return null;
        return about.UserId is { } person
            ? (await bus.QueryAsync(new FindAccount(person), ct)).Account?.Email
            : recipient.Email;
    }

    /// <summary>About an appointment, to an address that a practice has typed: perhaps a stranger's.</summary>
    private static bool IsToRecordedAddress(DeliverEmail email) => email.Appointment is { InPortal: false };

    /// <summary>
    /// The link that stops such emails, for mail programs. Null if the email has no category, its own link does that,
    /// or no account has the address and it is not about an appointment.
    /// </summary>
    private static async Task<IssuedLink?> IssueUnsubscribeLinkAsync(
        DeliverEmail email,
        EmailTemplate template,
        EmailWanted? wanted,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (template.Link is not null || wanted?.StopId is not { } stopped)
            return null;
        var purpose = Link.Stops(template.Category ?? EmailCategory.Reminders);
        var issued = await bus.InvokeAsSystemAsync(new IssueLinkToken(purpose, stopped, email.To), ct);
        return issued.IsError ? null : issued.Value;
    }

    private static CountRequestedEmail Count(DeliverEmail email, EmailTemplate template)
    {
        var practice =
            email.Appointment is not null ? email.GroupId
            : template.CountedByPractice ? email.SubjectId
            : null;
        return new(
            email.MailId,
            email.To,
            email.Kind == EmailKind.AppointmentReminder ? email.Kind
                : email.Appointment is not null ? EmailKind.AppointmentBooked
                : template.Link is null ? null
                : email.Kind,
            practice ?? (email.Portal is not null || email.SenderId is not null ? email.SubjectId : null),
            practice ?? email.SenderId,
            email.RequestedFrom
        );
    }

    /// <summary>
    /// The link, issued by the module that it leads to. Null for an email
    /// without one; not found if it would do nothing.
    /// </summary>
    private static async Task<ErrorOr<IssuedLink?>> IssueLinkAsync(
        DeliverEmail email,
        EmailTemplate template,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (template.Link is { } purpose)
        {
            var issued = await bus.InvokeAsSystemAsync(new IssueLinkToken(purpose, email.SubjectId, email.To), ct);
            return issued.Then(IssuedLink? (link) => link);
        }

        if (template.InvitesToPortal)
        {
            var invitation = new IssuePatientInvitationToken(email.GroupId!.Value, email.SubjectId);
            var issued = await bus.InvokeAsSystemAsync(invitation, ct);
            return issued.Then(IssuedLink? (token) => new(token.Token, null));
        }

        return (IssuedLink?)null;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "An email {Kind} of practice {GroupId} was not sent: its address has had the most."
    )]
    private static partial void LogTooMany(ILogger log, EmailKind kind, Guid? groupId);
}
