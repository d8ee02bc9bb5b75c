using System.Net;
using System.Net.Sockets;

namespace Practice.TestKit;

/// <summary>
/// Calls as from another machine: all of 127.0.0.0/8 is this one, and a host sees from where it is called.
/// </summary>
public static class FromAddress
{
    public static SocketsHttpHandler Handler(IPAddress address) =>
        new()
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = TimeSpan.FromMinutes(1), // a busy machine may take its time to refuse
            ConnectCallback = async (connection, ct) =>
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    socket.Bind(new IPEndPoint(address, 0));
                    await socket.ConnectAsync(IPAddress.Loopback, connection.DnsEndPoint.Port, ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };

    public static ApiClient ApiFrom(this RunningHost host, string address) =>
        new(new HttpClient(Handler(IPAddress.Parse(address))) { BaseAddress = host.Url }, null);
}
