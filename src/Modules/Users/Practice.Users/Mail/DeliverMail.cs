using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;
using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace Practice.Users.Mail;

/// <summary>
/// A mail to be sent, published with the change that it tells of and so never lost. It waits in the database and names no
/// secret: a link's token is made only as the mail is handed over.
/// </summary>
/// <param name="MailId">Of the mail itself: a repeated delivery carries the same <c>Message-ID</c>.</param>
/// <param name="SubjectId">The pending sign-up, change of email, account or invitation that it is about.</param>
/// <param name="Practice">The practice group's name, where the letter speaks of one.</param>
/// <param name="From">The name of the person who had it sent; with the email where they are not known otherwise.</param>
/// <param name="GroupId">The practice group whose invitation of a patient it is.</param>
/// <param name="Portal">What it says of a portal account, where it speaks of one.</param>
public sealed record DeliverMail(
    Guid MailId,
    Letter Letter,
    string To,
    Guid SubjectId,
    string? Practice = null,
    string? From = null,
    Guid? GroupId = null,
    PortalNews? Portal = null
) : Message
{
    public static DeliverMail New(
        Letter letter,
        string? to,
        Guid subjectId,
        string? practice = null,
        string? from = null,
        PortalNews? portal = null
    ) =>
        new(
            Guid.CreateVersion7(),
            letter,
            to ?? throw new ArgumentNullException(nameof(to)),
            subjectId,
            practice,
            from,
            Portal: portal
        );
}

/// <param name="Account">The name of the person whose portal account it is.</param>
/// <param name="Role"><c>view</c> or <c>edit</c>.</param>
/// <param name="Level"><c>clinical</c> or <c>administrative</c>.</param>
/// <param name="On">The first day on which it holds, told <paramref name="Days"/> days ahead.</param>
public sealed record PortalNews(
    string Account,
    string? Role = null,
    string? Level = null,
    DateOnly? On = null,
    int? Days = null
);

public static class DeliverMailHandler
{
    /// <summary>A mail server may be away for a night: tries over about two days, then the dead letters, which operators replay.</summary>
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
        chain.OnException<MailRefusedException>().MoveToErrorQueue();
        chain.OnException<MailNotTakenException>().ScheduleRetry(Pauses);
    }

    public static async Task Handle(DeliverMail mail, Mailer mailer, IModuleBus bus, CancellationToken ct)
    {
        if (
            Letters.KindOf(mail.Letter) is { } kind
            && (await bus.InvokeAsSystemAsync(new AskWhetherWanted(kind, mail.To), ct)).IsError
        )
            return;
        if (
            Letters.IsAskedFor(mail.Letter)
            && (await bus.InvokeAsSystemAsync(new TakePostage(mail.MailId, mail.To), ct)).IsError
        )
            return;

        var link = await MintAsync(mail, bus, ct);
        if (!link.IsError)
            await mailer.SendAsync(mail, link.Value, ct);
    }

    /// <summary>The link, of the module that it leads to; null for a letter without one, an error where there is nothing left to follow it for.</summary>
    private static async Task<ErrorOr<MintedLink?>> MintAsync(DeliverMail mail, IModuleBus bus, CancellationToken ct)
    {
        if (Letters.LinkOf(mail.Letter) is { } purpose)
            return (await bus.InvokeAsSystemAsync(new MintLink(purpose, mail.SubjectId, mail.To), ct)).Then(
                MintedLink? (minted) => minted
            );
        if (Letters.InvitesPatient(mail.Letter))
            return (
                await bus.InvokeAsSystemAsync(new IssuePatientInvitationToken(mail.GroupId!.Value, mail.SubjectId), ct)
            ).Then(MintedLink? (issued) => new(issued.Token, null));
        return (MintedLink?)null;
    }
}

/// <summary>Refused where the person has switched this kind of mail off. Asked as the mail is handed over: it may have waited.</summary>
public sealed record AskWhetherWanted(MailKind Kind, string To) : Message, ICommand<Success>;

public static class AskWhetherWantedHandler
{
    public static async Task<ErrorOr<Success>> Handle(AskWhetherWanted command, UsersDbContext db, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(command.To);
        var chosen = await db
            .MailPreferences.AsNoTracking()
            .SingleOrDefaultAsync(
                preferences =>
                    db.Accounts.Any(account => account.Id == preferences.AccountId && account.NormalizedEmail == email),
                ct
            );
        return chosen is null || chosen.Wants(command.Kind)
            ? Result.Success
            : ApiError.Conflict("users.mail_switched_off", "The person wants no mails of this kind.");
    }
}

/// <summary>Counts a mail that anybody can have sent; refused where its address has had its fill of them for now.</summary>
public sealed record TakePostage(Guid MailId, string To) : Message, ICommand<Success>;

public static class TakePostageHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        TakePostage command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (now, email) = (clock.GetUtcNow(), EmailAddress.Normalize(command.To));
        await db.LockPostageAsync(email, ct);
        await db
            .AskedMails.Where(past => past.NormalizedEmail == email && past.SentAt <= now - AskedMail.Window)
            .ExecuteDeleteAsync(ct);
        var sent = await db
            .AskedMails.Where(mail => mail.NormalizedEmail == email)
            .Select(mail => mail.Id)
            .ToListAsync(ct);
        if (sent.Contains(command.MailId))
            return Result.Success;
        if (sent.Count >= AskedMail.MostAnHour)
            return ApiError.Create(
                StatusCodes.Status429TooManyRequests,
                "users.mailed_enough",
                "This address has had its fill of mails for now."
            );

        db.AskedMails.Add(AskedMail.Of(command.MailId, email, now));
        return Result.Success;
    }
}

/// <summary>
/// Makes the link of a mail that is about to be sent. Refused where there is nothing left to follow it for, or the account goes by
/// another email than the mail's by now: whoever reads the old mailbox must not take it over.
/// </summary>
public sealed record MintLink(LinkPurpose Purpose, Guid SubjectId, string To) : Message, ICommand<MintedLink>;

/// <param name="SignUp">Which of several sign-ups for one email it is, in words; null for other links.</param>
public sealed record MintedLink(string Token, string? SignUp);

public static class MintLinkHandler
{
    public static async Task<ErrorOr<MintedLink>> Handle(
        MintLink command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var signUp =
            command.Purpose != LinkPurpose.ConfirmSignUp
                ? null
                : await db
                    .PendingSignUps.AsNoTracking()
                    .SingleOrDefaultAsync(signUp => signUp.Id == command.SubjectId, ct);
        var email = EmailAddress.Normalize(command.To);
        var wanted = command.Purpose switch
        {
            LinkPurpose.ConfirmSignUp => signUp is not null,
            LinkPurpose.ChangeEmail => await db.EmailChanges.AnyAsync(change => change.Id == command.SubjectId, ct),
            LinkPurpose.ConfirmAccount => await db.Accounts.AnyAsync(
                account =>
                    account.Id == command.SubjectId && account.NormalizedEmail == email && !account.EmailConfirmed,
                ct
            ),
            _ => await db.Accounts.AnyAsync(
                account => account.Id == command.SubjectId && account.NormalizedEmail == email,
                ct
            ),
        };
        if (!wanted)
            return CommonErrors.NotFound;

        var token = Secrets.NewToken();
        db.Links.Add(
            Link.Mint(AuthorizationRequest.Hash(token), command.Purpose, command.SubjectId, clock.GetUtcNow())
        );
        return new MintedLink(token, signUp?.Description);
    }
}

/// <summary>Writes the letter and posts it.</summary>
public sealed class Mailer
{
    private readonly Letters _letters;
    private readonly IPostbox _postbox;
    private readonly MailboxAddress _from;

    internal Mailer(Letters letters, IPostbox postbox, IOptions<MailOptions> options) =>
        (_letters, _postbox, _from) = (letters, postbox, MailboxAddress.Parse(options.Value.From));

    public async Task SendAsync(DeliverMail mail, MintedLink? link, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var (subject, text) = _letters.Write(mail, link);
        using var message = new MimeMessage
        {
            Subject = subject,
            Body = new TextPart("plain") { Text = text },
            MessageId = $"{mail.MailId}@{_from.Domain}",
        };
        if (Letters.LinkOf(mail.Letter) == LinkPurpose.StopOnboarding)
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{_letters.Url(Letters.UnsubscribePath, link!.Token)}>");
        message.From.Add(_from);
        message.To.Add(new MailboxAddress(null, mail.To));
        await _postbox.PostAsync(message, mail.MailId, ct);
    }
}
