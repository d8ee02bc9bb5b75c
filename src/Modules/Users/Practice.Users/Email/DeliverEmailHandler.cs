using Practice.Contracts.PatientPortal;
using Practice.Users.Domain;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace Practice.Users.Email;

public static class DeliverEmailHandler
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
    /// Sends it, unless the person does not want it, the address has received too many, or its link has become useless.
    /// </summary>
    public static async Task Handle(DeliverEmail email, Mailer mailer, IModuleBus bus, CancellationToken ct)
    {
        var template = mailer.TemplateOf(email.Kind);
        var wanted = template.Category is { } category
            ? (await bus.InvokeAsSystemAsync(new CheckEmailWanted(category, email.To), ct)).Value
            : null;
        if (wanted is { IsWanted: false })
            return;
        if (template.AnyoneCanCause && !(await bus.InvokeAsSystemAsync(Count(email, template), ct)).Value.MaySend)
            return;

        var link = await IssueLinkAsync(email, template, bus, ct);
        if (link.IsError && link.FirstError == CommonErrors.NotFound)
            return;
        // With any other error this throws: no email is lost silently.
        var (main, unsubscribe) = (link.Value, await IssueUnsubscribeLinkAsync(email, template, wanted, bus, ct));
        await mailer.SendAsync(email, main, unsubscribe ?? main, ct);
    }

    /// <summary>
    /// The link that stops such emails, for mail programs. Null if the email has no category, its own link does that, or
    /// no account has the address.
    /// </summary>
    private static async Task<IssuedLink?> IssueUnsubscribeLinkAsync(
        DeliverEmail email,
        EmailTemplate template,
        EmailWanted? wanted,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (template is not { Category: { } category, Link: null } || wanted?.AccountId is not { } account)
            return null;
        var issued = await bus.InvokeAsSystemAsync(new IssueLinkToken(Link.Stops(category), account, email.To), ct);
        return issued.IsError ? null : issued.Value;
    }

    private static CountRequestedEmail Count(DeliverEmail email, EmailTemplate template) =>
        new(
            email.MailId,
            email.To,
            template.Link is null ? null : email.Kind,
            email.Portal is not null || template.CountedByPractice ? email.SubjectId : null,
            email.RequestedFrom,
            template.CountedByPractice
        );

    /// <summary>
    /// The link, issued by the module that it leads to. Null for an email without one; not found if it would do nothing.
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
}
