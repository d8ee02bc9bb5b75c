using MimeKit;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>An email with all its parts, as a mail program reads it.</summary>
internal sealed record SentMail(string Text, string Html, string? UnsubscribeUrl, string? Method, string? Calendar)
{
    public static async Task<SentMail> Read(Mail mail)
    {
        using var message = await MimeMessage.LoadAsync(mail.File);
        var calendars = message
            .BodyParts.OfType<TextPart>()
            .Where(part => part.ContentType.IsMimeType("text", "calendar"))
            .ToList();
        Assert.InRange(calendars.Select(part => part.Text).Distinct().Count(), 0, 1); // shown, and as a file
        return new(
            message.TextBody!,
            message.HtmlBody!,
            message.Headers[HeaderId.ListUnsubscribe]?.Trim('<', '>'),
            calendars.FirstOrDefault()?.ContentType.Parameters["method"],
            calendars.FirstOrDefault()?.Text.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal)
        );
    }

    /// <summary>A property of the event, with its parameters before the colon.</summary>
    public string this[string property] =>
        Calendar!
            .Split("BEGIN:VEVENT")[1]
            .Split('\n')
            .Single(line => line.StartsWith($"{property}:", default) || line.StartsWith($"{property};", default))[
            property.Length..
        ];
}
