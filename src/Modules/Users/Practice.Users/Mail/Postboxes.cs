using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Practice.Users.Mail;

/// <summary>Takes a mail off our hands.</summary>
internal interface IPostbox
{
    /// <exception cref="MailNotTakenException">Not now; later perhaps.</exception>
    /// <exception cref="MailRefusedException">Not ever.</exception>
    Task PostAsync(MimeMessage mail, Guid mailId, CancellationToken ct);
}

/// <summary>The mail could not be handed over: the server is away, slow, or says "later".</summary>
internal sealed class MailNotTakenException(string why, Exception inner) : Exception(why, inner);

/// <summary>The server will not have this mail, however often it is offered.</summary>
internal sealed class MailRefusedException(string why, Exception inner) : Exception(why, inner);

/// <summary>Over SMTP. A connection a mail: a server that hangs holds up no other mail for longer than the timeout.</summary>
internal sealed class SmtpPostbox(IOptions<MailOptions> options) : IPostbox
{
    public async Task PostAsync(MimeMessage mail, Guid mailId, CancellationToken ct)
    {
        var smtp = options.Value.Smtp;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(smtp.Timeout);
        try
        {
            using var client = new SmtpClient { Timeout = (int)smtp.Timeout.TotalMilliseconds };
            await client.ConnectAsync(
                smtp.Host!,
                smtp.Port ?? (smtp.Tls == SmtpTls.Always ? 465 : 587),
                SecurityOf(smtp.Tls),
                limit.Token
            );
            if (!string.IsNullOrEmpty(smtp.User))
                await client.AuthenticateAsync(smtp.User, smtp.Password!, limit.Token);
            await client.SendAsync(mail, limit.Token);
            await SayGoodbyeAsync(client, limit.Token);
        }
        catch (SmtpCommandException refused) when (IsForGood(refused))
        {
            // The server's sentence may repeat the address: only its code is told on.
            throw new MailRefusedException(
                $"The mail server refused the mail: {(int)refused.StatusCode} {refused.ErrorCode}.",
                Unspoken(refused)
            );
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && IsWorthAnotherTry(failure))
        {
            throw new MailNotTakenException(
                $"The mail server did not take the mail: {failure.GetType().Name}.",
                Unspoken(failure)
            );
        }
    }

    /// <summary>The mail is sent once the server has said so; what becomes of the connection then is no reason to send it again.</summary>
    private static async Task SayGoodbyeAsync(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception failure) when (IsWorthAnotherTry(failure)) { }
    }

    /// <summary>A 5xx about this very mail. About the connection or the login it is the operator's to mend, and the mail waits.</summary>
    private static bool IsForGood(SmtpCommandException refused) =>
        (int)refused.StatusCode >= 500
        && refused.ErrorCode
            is SmtpErrorCode.RecipientNotAccepted
                or SmtpErrorCode.SenderNotAccepted
                or SmtpErrorCode.MessageNotAccepted;

    private static bool IsWorthAnotherTry(Exception failure) =>
        failure
            is CommandException
                or ProtocolException
                or AuthenticationException
                or SslHandshakeException
                or ServiceNotConnectedException
                or NotSupportedException
                or IOException
                or SocketException
                or TimeoutException
                or OperationCanceledException;

    private static InvalidOperationException Unspoken(Exception failure) => new(failure.GetType().FullName);

    private static SecureSocketOptions SecurityOf(SmtpTls tls) =>
        tls switch
        {
            SmtpTls.Always => SecureSocketOptions.SslOnConnect,
            SmtpTls.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };
}

/// <summary>As a file named by the mail's id: written beside and moved into place, it is there whole or not at all, and once.</summary>
internal sealed class PickupPostbox(IOptions<MailOptions> options) : IPostbox
{
    /// <summary>Always named where there is no mail server: the host fills it in.</summary>
    private string Folder => options.Value.PickupDirectory!;

    public async Task PostAsync(MimeMessage mail, Guid mailId, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            var unfinished = Path.Combine(Folder, $"{mailId}.{Guid.NewGuid():n}.tmp");
            await mail.WriteToAsync(unfinished, ct);
            File.Move(unfinished, Path.Combine(Folder, $"{mailId}.eml"), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MailNotTakenException("The mail could not be written to the pickup directory.", failure);
        }
    }
}
