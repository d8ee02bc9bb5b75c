using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Practice.Users.Email;

/// <summary>
/// Sends emails over SMTP, one connection each: a server that hangs delays no other email for longer than the timeout.
/// </summary>
internal sealed class SmtpEmailSender(IOptions<EmailOptions> options) : IEmailSender
{
    public async Task SendAsync(MimeMessage email, Guid mailId, CancellationToken ct)
    {
        var smtp = options.Value.Smtp;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(smtp.Timeout);
        try
        {
            using var client = await ConnectAsync(smtp, limit.Token);
            await client.SendAsync(email, limit.Token);
            await DisconnectAsync(client, limit.Token);
        }
        catch (SmtpCommandException rejected) when (IsPermanent(rejected))
        {
            // The server's sentence may contain the address: only its code is passed on.
            throw new EmailRejectedException(
                $"The mail server rejected the email: {(int)rejected.StatusCode} {rejected.ErrorCode}.",
                WithoutMessage(rejected)
            );
        }
        catch (SmtpCommandException deferred) when (IsOfRecipient(deferred))
        {
            throw new EmailNotSentException(
                $"The mail server deferred the email: {(int)deferred.StatusCode} {deferred.ErrorCode}.",
                WithoutMessage(deferred)
            )
            {
                IsOfRecipient = true,
            };
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && IsTransient(failure))
        {
            throw new EmailNotSentException(
                $"Could not send the email to the mail server: {failure.GetType().Name}.",
                WithoutMessage(failure)
            );
        }
    }

    public async Task<string> CheckAsync(CancellationToken ct)
    {
        var smtp = options.Value.Smtp;
        try
        {
            using var client = await ConnectAsync(smtp, ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception failure) when (IsTransient(failure) && !ct.IsCancellationRequested)
        {
            throw new EmailNotSentException($"{smtp.Host} takes no mails: {failure.Message}", failure);
        }

        return $"{smtp.Host} takes mails{(string.IsNullOrEmpty(smtp.User) ? "" : $" from {smtp.User}")}";
    }

    private static async Task<SmtpClient> ConnectAsync(SmtpOptions smtp, CancellationToken ct)
    {
        var client = new SmtpClient { Timeout = (int)smtp.Timeout.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(
                smtp.Host!,
                smtp.Port ?? (smtp.Tls == SmtpTls.Always ? 465 : 587),
                SecurityOf(smtp.Tls),
                ct
            );
            if (!string.IsNullOrEmpty(smtp.User))
                await client.AuthenticateAsync(smtp.User, smtp.Password!, ct);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The server has taken the email: if the connection fails now, the email must not be sent again.
    /// </summary>
    private static async Task DisconnectAsync(SmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception failure) when (IsTransient(failure)) { }
    }

    /// <summary>
    /// A 5xx about this email. If it is about the connection or the login, the operator can fix it and the email waits.
    /// </summary>
    private static bool IsPermanent(SmtpCommandException rejected) =>
        (int)rejected.StatusCode >= 500
        && rejected.ErrorCode
            is SmtpErrorCode.RecipientNotAccepted
                or SmtpErrorCode.SenderNotAccepted
                or SmtpErrorCode.MessageNotAccepted;

    /// <summary>A 4xx about this recipient, unless the server ends the connection with it.</summary>
    private static bool IsOfRecipient(SmtpCommandException deferred) =>
        deferred
            is { ErrorCode: SmtpErrorCode.RecipientNotAccepted, StatusCode: not SmtpStatusCode.ServiceNotAvailable };

    private static bool IsTransient(Exception failure) =>
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

    private static InvalidOperationException WithoutMessage(Exception failure) => new(failure.GetType().FullName);

    private static SecureSocketOptions SecurityOf(SmtpTls tls) =>
        tls switch
        {
            SmtpTls.Always => SecureSocketOptions.SslOnConnect,
            SmtpTls.StartTls => SecureSocketOptions.StartTls,
            SmtpTls.None => SecureSocketOptions.None,
            _ => throw new ArgumentOutOfRangeException(nameof(tls), tls, null),
        };
}
