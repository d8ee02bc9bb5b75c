using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MimeKit;

namespace Practice.TestKit;

/// <summary>A mail that the host sent.</summary>
/// <param name="Text">Its text/plain part.</param>
public sealed partial record Mail(string File, IReadOnlyList<string> To, string Subject, string Text)
{
    /// <summary>The token of the link in it; null where it has none.</summary>
    public string? Token =>
        LinkedToken().Match(Text) is { Success: true } link ? Uri.UnescapeDataString(link.Groups[1].Value) : null;

    /// <summary>Path and query of that link, as a browser opens it.</summary>
    public string? Link => LinkedPage().Match(Text) is { Success: true } link ? link.Groups[1].Value : null;

    [GeneratedRegex(@"https?://[^/\s]+(/\S*[?&]token=\S+)")]
    private static partial Regex LinkedPage();

    [GeneratedRegex(@"[?&]token=([^\s&""<>]+)")]
    private static partial Regex LinkedToken();
}

/// <summary>The pickup directory into which the host under test puts its mails.</summary>
public sealed class MailFolder(string directory)
{
    private readonly ConcurrentDictionary<string, Mail> _read = new();

    public string Path { get; } = directory;

    /// <summary>All mails to this address so far, oldest first.</summary>
    public IReadOnlyList<Mail> To(string email) =>
        [
            .. All()
                .Where(mail => mail.To.Contains(email, StringComparer.OrdinalIgnoreCase))
                .OrderBy(mail => System.IO.File.GetCreationTimeUtc(mail.File)),
        ];

    /// <summary>Everybody who got a mail so far.</summary>
    public IReadOnlySet<string> Recipients => All().SelectMany(mail => mail.To).ToHashSet();

    /// <summary>The first mail to this address with this in its subject, as soon as there is one.</summary>
    public Task<Mail> WaitFor(string email, string subjectPart = "") =>
        WaitFor(
            email,
            mail => mail.Subject.Contains(subjectPart, StringComparison.OrdinalIgnoreCase),
            $"a mail to {email} about '{subjectPart}'"
        );

    public Task<Mail> WaitFor(string email, Func<Mail, bool> which, string what = "the mail") =>
        Eventually.Get(() => Task.FromResult(To(email).FirstOrDefault(which)), what: what);

    private IEnumerable<Mail> All()
    {
        if (!Directory.Exists(Path))
            yield break;
        foreach (var file in Directory.EnumerateFiles(Path, "*.eml"))
        {
            if (!_read.TryGetValue(file, out var mail) && Read(file) is { } read)
                mail = _read.GetOrAdd(file, read);
            if (mail is not null)
                yield return mail;
        }
    }

    private static Mail Read(string file)
    {
        using var message = MimeMessage.Load(file);
        return new Mail(
            file,
            [.. message.To.Mailboxes.Select(mailbox => mailbox.Address)],
            message.Subject ?? "",
            message.TextBody ?? ""
        );
    }
}
