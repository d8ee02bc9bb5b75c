using Microsoft.Extensions.Options;
using MimeKit;

namespace Practice.Users.Email;

/// <summary>Writes an email from its template and sends it.</summary>
public sealed class Mailer
{
    /// <summary>Of an email, by RFC 5322.</summary>
    private const int LongestLine = 998;

    private readonly EmailTemplates _templates;
    private readonly IEmailSender _sender;
    private readonly MailboxAddress _from;
    private readonly string _publicUrl;

    internal Mailer(
        EmailTemplates templates,
        IEmailSender sender,
        IOptions<EmailOptions> options,
        IOptions<PublicUrlOptions> publicUrl
    )
    {
        (_templates, _sender) = (templates, sender);
        (_from, _publicUrl) = (MailboxAddress.Parse(options.Value.From), publicUrl.Value.PublicUrl);
    }

    internal EmailTemplate TemplateOf(EmailKind kind) => _templates[kind];

    /// <param name="unsubscribe">The link that stops emails of this category; null where there is none.</param>
    public async Task SendAsync(DeliverEmail email, IssuedLink? link, IssuedLink? unsubscribe, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(email);
        var template = TemplateOf(email.Kind);
        var content = new EmailContent(email, link, _publicUrl);
        using var message = new MimeMessage
        {
            Subject = template.Subject(content),
            Body = new TextPart("plain") { Text = template.Text(content).ReplaceLineEndings("\r\n") },
            MessageId = $"{email.MailId}@{_from.Domain}",
        };
        if (template.Category is { } category && unsubscribe is not null)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{content.OneClickUrl(category, unsubscribe)}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click"); // RFC 8058
        }

        message.From.Add(_from);
        message.To.Add(new MailboxAddress(null, email.To));
        // Any server and any program can read it, and no line break falls into a link.
        message.Prepare(EncodingConstraint.SevenBit, LongestLine);
        await _sender.SendAsync(message, email.MailId, ct);
    }
}
