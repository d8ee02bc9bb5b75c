using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Practice.Resilience.Tests;

/// <summary>
/// A connection pooler in transaction mode, as far as a check needs one: everybody signs in at the server, and then the
/// statements of all run on one server connection, in turn. For transactions of several statements it does not do.
/// </summary>
internal sealed class TransactionPooler : IDisposable
{
    private readonly LoopbackServer _server;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly int _serverPort;
    private NetworkStream? _shared;

    private TransactionPooler(int serverPort)
    {
        _serverPort = serverPort;
        _server = new LoopbackServer(ServeAsync);
    }

    /// <returns>The pooler, and how to reach the database through it.</returns>
    public static (TransactionPooler Pooler, string ConnectionString) Before(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var pooler = new TransactionPooler(settings.Port);
        settings.Host = "127.0.0.1";
        settings.Port = pooler._server.Port;
        settings.SslMode = SslMode.Disable;
        settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return (pooler, settings.ConnectionString);
    }

    public void Dispose()
    {
        _server.Dispose();
        _shared?.Dispose();
        _turn.Dispose();
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var client = accepted;
        var caller = client.GetStream();
        var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _serverPort);
        var own = server.GetStream();
        try
        {
            await CopyMessageAsync(caller, own, hasType: false);
            while (await CopyMessageAsync(own, caller) is var (type, body) && type != 'Z')
            {
                if (type == 'R' && BinaryPrimitives.ReadInt32BigEndian(body) is 10 or 11) // the server waits for more
                    await CopyMessageAsync(caller, own);
            }

            _shared ??= own;
            while (true)
                await TakeTurnAsync(caller);
        }
        catch (EndOfStreamException) { }
    }

    /// <summary>What a caller sends up to the end of a statement, and what the server says to it.</summary>
    private async Task TakeTurnAsync(NetworkStream caller)
    {
        var statement = new MemoryStream();
        char type;
        do (type, _) = await CopyMessageAsync(caller, statement);
        while (type is not ('Q' or 'S' or 'X'));
        if (type == 'X')
            throw new EndOfStreamException();

        await _turn.WaitAsync();
        try
        {
            await _shared!.WriteAsync(statement.ToArray());
            while ((await CopyMessageAsync(_shared, caller)).Type != 'Z') { }
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task<(char Type, byte[] Body)> CopyMessageAsync(Stream from, Stream to, bool hasType = true)
    {
        var head = new byte[hasType ? 5 : 4];
        await from.ReadExactlyAsync(head);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4];
        await from.ReadExactlyAsync(body);
        await to.WriteAsync(head);
        await to.WriteAsync(body);
        return (hasType ? (char)head[0] : '\0', body);
    }
}
