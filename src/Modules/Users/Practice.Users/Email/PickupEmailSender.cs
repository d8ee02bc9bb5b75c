using Microsoft.Extensions.Options;
using MimeKit;
using Practice.Shared.Hosting;

namespace Practice.Users.Email;

/// <summary>
/// Writes emails as files, named by their ids. A file is written under another name and then moved, so that it is never
/// seen half written, and a repeated delivery replaces it.
/// </summary>
internal sealed class PickupEmailSender(IOptions<EmailOptions> options) : IEmailSender
{
    /// <summary>As an email goes over the wire: lines end with CRLF.</summary>
    private static readonly FormatOptions Canonical = WithCrLf();

    /// <summary>Set whenever there is no mail server: the host fills in a default.</summary>
    private string Folder => options.Value.PickupDirectory!;

    public async Task SendAsync(MimeMessage email, Guid mailId, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            var unfinished = Path.Combine(Folder, $"{mailId}.{Guid.NewGuid():n}.tmp");
            await using (var file = new FileStream(unfinished, ForOwnerOnly()))
                await email.WriteToAsync(Canonical, file, ct);
            File.Move(unfinished, Path.Combine(Folder, $"{mailId}.eml"), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EmailNotSentException("Could not write the email to the pickup directory.", failure);
        }
    }

    public async Task<string> CheckAsync(CancellationToken ct) =>
        await WriteProbe.FindFaultAsync(Folder, ct) is { } fault
            ? throw new EmailNotSentException(fault.Message, fault)
            : $"mails are written to {Folder}";

    private static FormatOptions WithCrLf()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        options.EnsureNewLine = true;
        return options;
    }

    /// <summary>They hold links that let people in.</summary>
    private static FileStreamOptions ForOwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
