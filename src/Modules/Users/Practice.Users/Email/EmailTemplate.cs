using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// How one kind of email is written, and when it is sent. No email holds a password; only its link gives access.
/// </summary>
/// <param name="link">What its link does; null without a link of this module.</param>
/// <param name="category">
/// The category that the person can switch off. Null if it is always sent: it protects the account, holds its first
/// link, or goes to an address that may have no account.
/// </param>
/// <param name="anyoneCanCause">
/// Whether anyone who knows an address can have it sent there. It is then throttled.
/// </param>
/// <param name="countedByPractice">
/// Whether its subject is the practice that sends it, which can repeat it all day: three an hour are sent.
/// </param>
/// <param name="invitesToPortal">Whether it carries an invitation link, which the portal issues.</param>
internal abstract class EmailTemplate(
    EmailKind kind,
    LinkPurpose? link,
    EmailCategory? category,
    bool anyoneCanCause,
    bool invitesToPortal = false,
    bool countedByPractice = false
)
{
    public EmailKind Kind { get; } = kind;

    public LinkPurpose? Link { get; } = link;

    public EmailCategory? Category { get; } = category;

    public bool AnyoneCanCause { get; } = anyoneCanCause;

    public bool InvitesToPortal { get; } = invitesToPortal;

    public bool CountedByPractice { get; } = countedByPractice;

    /// <summary>What its main link does, on the button of the HTML part: <c>Choose your password</c>.</summary>
    public virtual string Action => "Open";

    public abstract string Subject(EmailContent content);

    public abstract string Text(EmailContent content);
}
