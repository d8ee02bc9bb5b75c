using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Practice.Users.Tests;

/// <summary>
/// A mail server on a local port. It speaks enough SMTP to receive emails, and replies as a test tells it to.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _tries = new();
    private readonly Task _accepting;

    public SmtpServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All emails whose text arrived, accepted or not.</summary>
    public ConcurrentQueue<(string To, string MessageId, string Text)> Arrived { get; } = new();

    /// <summary>The reply to a recipient, by address and attempt number; null never replies.</summary>
    public Func<string, int, string?> ToRecipient { get; set; } = (_, _) => "250 ok";

    /// <summary>The reply to the whole email; null drops the connection instead.</summary>
    public Func<string, int, string?> ToMail { get; set; } = (_, _) => "250 taken";

    /// <summary>Whether to drop the connection in the middle of the email.</summary>
    public Func<string, int, bool> DropsInMail { get; set; } = (_, _) => false;

    public int AttemptsFor(string email) => _tries.GetValueOrDefault(email);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception stopped)
            when (stopped is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            await using (var stream = client.GetStream())
            using (var reader = new StreamReader(stream, Encoding.Latin1))
            await using (var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true })
                await ConverseAsync(reader, writer);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException) { }
    }

    private async Task ConverseAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 mail.test");
        var (to, tried) = ("", 0);
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "RCPT":
                    to = line[
                        (line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)
                    ];
                    tried = _tries.AddOrUpdate(to, 1, (_, before) => before + 1);
                    if (ToRecipient(to, tried) is not { } said)
                        await Task.Delay(Timeout.Infinite, _stop.Token);
                    else
                        await writer.WriteLineAsync(said);
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    if (DropsInMail(to, tried))
                    {
                        await reader.ReadLineAsync(_stop.Token);
                        return;
                    }

                    Keep(to, await ReadMailAsync(reader));
                    if (ToMail(to, tried) is not { } end)
                        return;
                    await writer.WriteLineAsync(end);
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<string> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }

    private void Keep(string to, string mail)
    {
        using var message = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(mail)));
        Arrived.Enqueue((to, message.MessageId ?? "", message.TextBody ?? ""));
    }
}
