using System.Diagnostics;
using Microsoft.Extensions.Options;
using MimeKit;
using Practice.Shared.Hosting;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>Writes an email from its template and sends it.</summary>
public sealed class Mailer
{
    /// <summary>Of an email, by RFC 5322.</summary>
    private const int MaxLineLength = 998;

    private readonly EmailTemplates _templates;
    private readonly EmailHtml _html;
    private readonly IEmailSender _sender;
    private readonly MailboxAddress _from;
    private readonly PublicUrlOptions _publicUrl;

    internal Mailer(
        EmailTemplates templates,
        EmailHtml html,
        IEmailSender sender,
        IOptions<EmailOptions> options,
        IOptions<PublicUrlOptions> publicUrl
    )
    {
        (_templates, _html, _sender) = (templates, html, sender);
        (_from, _publicUrl) = (MailboxAddress.Parse(options.Value.From), publicUrl.Value);
    }

    internal EmailTemplate TemplateOf(EmailKind kind) => _templates[kind];

    /// <param name="unsubscribe">The link that stops emails of this category; null where there is none.</param>
    public async Task SendAsync(DeliverEmail email, IssuedLink? link, IssuedLink? unsubscribe, CancellationToken ct)
    {
        var template = TemplateOf(email.Kind);
        var content = new EmailContent(email, link, _publicUrl);
        using var message = new MimeMessage
        {
            Subject = template.Subject(content),
            Body = BodyOf(email, template, content),
            MessageId = $"{email.MailId}@{_from.Domain}",
        };
        var stopsAll = template.Category is null && email.Appointment is not null;
        if ((stopsAll ? EmailCategory.Reminders : template.Category) is { } category && unsubscribe is not null)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{content.OneClickUrl(category, unsubscribe, stopsAll)}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click"); // RFC 8058
        }

        message.From.Add(_from.Clone()); // a list listens to its addresses: this one would keep every email in memory
        message.To.Add(new MailboxAddress(null, email.To));
        // Any server and any program can read it, and no line break falls into a link.
        message.Prepare(EncodingConstraint.SevenBit, MaxLineLength);
        using var trace = PracticeTelemetry.Traces.StartActivity("send email", ActivityKind.Client);
        trace?.SetTag("practice.email.kind", email.Kind.ToString());
        try
        {
            await _sender.SendAsync(message, email.MailId, ct);
            UsersMetrics.CountEmail(UsersMetrics.Sent);
        }
        catch (Exception failure) when (failure is EmailNotSentException or EmailRejectedException)
        {
            UsersMetrics.CountEmail(
                failure switch
                {
                    EmailRejectedException => UsersMetrics.Rejected,
                    EmailNotSentException { IsOfRecipient: true } => UsersMetrics.Deferred,
                    _ => UsersMetrics.Failed,
                }
            );
            trace?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
    }

    /// <summary>
    /// Text, HTML and, about an appointment, an event: mail programs show the last of these that they know. The event
    /// is attached, too, for those that know it only as a file.
    /// </summary>
    private MimeEntity BodyOf(DeliverEmail email, EmailTemplate template, EmailContent content)
    {
        var text = template.Text(content);
        var html = _html.Render(template.Subject(content), text, content.PracticeOrNone, template.Action);
        var alternative = new MultipartAlternative { PartOf("plain", text), PartOf("html", html) };
        if (AppointmentCalendar.Of(email, content, _from) is not { } calendar)
            return alternative;

        alternative.Add(EventOf(calendar));
        var attached = EventOf(calendar);
        attached.ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "invite.ics" };
        attached.ContentType.Name = "invite.ics";
        return new Multipart("mixed") { alternative, attached };
    }

    private static TextPart EventOf(CalendarPart calendar)
    {
        var part = PartOf("calendar", calendar.Text);
        part.ContentType.Parameters["method"] = calendar.Method;
        return part;
    }

    private static TextPart PartOf(string subtype, string text) =>
        new(subtype) { Text = text.ReplaceLineEndings("\r\n") };
}
