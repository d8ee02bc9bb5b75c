using Microsoft.Extensions.Options;
using MimeKit;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>Writes an email from its template and sends it.</summary>
public sealed class Mailer
{
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

    public async Task SendAsync(DeliverEmail email, IssuedLink? link, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(email);
        var template = TemplateOf(email.Kind);
        var content = new EmailContent(email, link, _publicUrl);
        using var message = new MimeMessage
        {
            Subject = template.Subject(content),
            Body = new TextPart("plain") { Text = template.Text(content) },
            MessageId = $"{email.MailId}@{_from.Domain}",
        };
        if (template.Link == LinkPurpose.StopOnboarding)
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{content.UnsubscribeUrl}>");
        message.From.Add(_from);
        message.To.Add(new MailboxAddress(null, email.To));
        await _sender.SendAsync(message, email.MailId, ct);
    }
}
