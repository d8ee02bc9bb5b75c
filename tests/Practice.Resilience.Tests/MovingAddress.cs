using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Practice.Resilience.Tests;

/// <summary>
/// One address for several servers. New connections go where it leads now; the others stay, until they are cut.
/// </summary>
internal sealed class MovingAddress : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _open = [];
    private volatile int _port;

    /// <returns>The address, and how to reach the database through it.</returns>
    public static (MovingAddress Address, string ConnectionString) Of(string connectionString)
    {
        var address = new MovingAddress();
        address.LeadTo(connectionString);
        address._listener.Start();
        _ = address.AcceptAsync();
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)address._listener.LocalEndpoint).Port,
        };
        return (address, settings.ConnectionString);
    }

    public void LeadTo(string connectionString) => _port = new NpgsqlConnectionStringBuilder(connectionString).Port;

    public void Cut()
    {
        while (_open.TryTake(out var connection))
            connection.Dispose();
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException) { }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        _open.Add(client);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _port);
            var (asked, answered) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(asked.CopyToAsync(answered), answered.CopyToAsync(asked));
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException) { }
        finally
        {
            client.Dispose();
        }
    }
}
