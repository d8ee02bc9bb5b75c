using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Practice.Architecture.Tests;

/// <summary>
/// Sits between the application and PostgreSQL and counts round trips for each role: how often the application speaks
/// after it was answered. What it sends in one go counts once.
/// </summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, int> _roundTrips = new();
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    public CountingProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int RoundTripsOf(string role) => _roundTrips.GetValueOrDefault(role);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var server = new TcpClient { NoDelay = true })
            {
                client.NoDelay = true;
                await server.ConnectAsync(_host, _port, _end.Token);
                var (near, far) = (client.GetStream(), server.GetStream());

                var length = new byte[4];
                await near.ReadExactlyAsync(length, _end.Token);
                var startup = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
                await near.ReadExactlyAsync(startup, _end.Token);
                await far.WriteAsync(length.Concat(startup).ToArray(), _end.Token);
                var words = Encoding.UTF8.GetString(startup.AsSpan(4)).Split('\0');
                // A request to cancel names no user.
                var role = Array.IndexOf(words, "user") is >= 0 and var user ? words[user + 1] : "";

                var talk = new Talk();
                await Task.WhenAny(
                    CopyAsync(near, far, () =>
                        talk.ClientSpeaks(() => _roundTrips.AddOrUpdate(role, 1, (_, count) => count + 1))
                    ),
                    CopyAsync(far, near, talk.ServerSpeaks)
                );
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
        {
            // One of the two has hung up.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Action spoken)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            spoken(); // before it is passed on, so that the answer is counted when it arrives
            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    /// <summary>Whose turn it is: each time the client speaks after the server has, a round trip begins.</summary>
    private sealed class Talk
    {
        private readonly Lock _lock = new();
        private bool _answered = true;

        public void ClientSpeaks(Action begins)
        {
            lock (_lock)
            {
                if (_answered)
                    begins();
                _answered = false;
            }
        }

        public void ServerSpeaks()
        {
            lock (_lock)
                _answered = true;
        }
    }
}
