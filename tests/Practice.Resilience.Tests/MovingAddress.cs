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
    private readonly LoopbackServer _server;
    private readonly ConcurrentBag<TcpClient> _open = [];
    private volatile int _port;

    private MovingAddress() => _server = new LoopbackServer(ForwardAsync);

    /// <returns>The address, and how to reach the database through it.</returns>
    public static (MovingAddress Address, string ConnectionString) Of(string connectionString)
    {
        var address = new MovingAddress();
        address.LeadTo(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = address._server.Port,
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
        _server.Dispose();
        Cut();
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
