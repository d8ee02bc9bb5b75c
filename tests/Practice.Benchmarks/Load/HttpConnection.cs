using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Practice.Benchmarks.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection of a thread of its own. It shares the processors with the servers that it
/// measures, so it does no more than it must: it sends ready bytes and finds the end of the answer.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 * 1024];

    public HttpConnection(Uri url)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, url.Port);
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] Request(
        string method,
        string path,
        string? token = null,
        string? json = null,
        string headers = ""
    )
    {
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}");
        if (token is not null)
            text.Append($"Authorization: Bearer {token}\r\n");
        if (json is not null)
            text.Append($"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(json).ToString());
    }

    /// <summary>Waits for the whole answer; its status.</summary>
    public int Send(byte[] request)
    {
        _socket.Send(request);
        var (length, bodyAt) = (0, -1);
        while (bodyAt < 0)
        {
            length += Receive(length);
            if (_buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                bodyAt = end + 4;
        }

        var head = _buffer.AsSpan(0, bodyAt);
        if (head.IndexOf("\r\nContent-Length: "u8) is >= 0 and var at)
        {
            if (!Utf8Parser.TryParse(head[(at + 18)..], out int bodyLength, out _))
                throw new InvalidDataException("The answer's length is no number.");
            while (length < bodyAt + bodyLength)
                length += Receive(length);
        }
        else if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0)
        {
            // Nothing follows the last chunk before the next request, and JSON has no raw line ends.
            while (!_buffer.AsSpan(bodyAt, length - bodyAt).EndsWith("0\r\n\r\n"u8))
                length += Receive(length);
        }

        return (_buffer[9] - '0') * 100 + (_buffer[10] - '0') * 10 + (_buffer[11] - '0');
    }

    public void Dispose() => _socket.Dispose();

    private int Receive(int from)
    {
        if (from == _buffer.Length)
            throw new InvalidDataException("The answer is too long.");
        var read = _socket.Receive(_buffer.AsSpan(from));
        return read > 0 ? read : throw new IOException("The server closed the connection.");
    }
}
