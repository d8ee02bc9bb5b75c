using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Practice.Host.Tests;

/// <summary>Before the host knows who calls, it reads little, and holds little of what it has not read.</summary>
public sealed class StrangerTests
{
    private static readonly string Import = $"/api/groups/{Guid.NewGuid()}/members/import";

    [Theory]
    [InlineData("", 401)]
    [InlineData("Idempotency-Key: stranger-1\r\n", 401)]
    [InlineData("Authorization: Bearer made-up\r\n", 401)]
    [InlineData("Authorization: Bearer made-up\r\nIdempotency-Key: stranger-2\r\n", 401)]
    public async Task Who_is_not_signed_in_is_answered_before_any_of_a_large_body_was_sent(string headers, int status)
    {
        var app = await TestApp.StartedAsync();
        foreach (var length in new[] { "Content-Length: 4000000", "Transfer-Encoding: chunked" })
        {
            using var connection = await Connect(app.Url);
            await Send(connection, Import, $"{headers}Content-Type: text/csv\r\n{length}");
            Assert.Equal(status, await StatusOf(connection));
        }
    }

    [Fact]
    public async Task Who_may_not_is_answered_before_any_of_a_large_body_was_sent()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        foreach (
            var (person, status) in new[]
            {
                (await group.AddsNewPerson("reception"), 403),
                (await app.SignUpAndConfirm(), 404),
            }
        )
        {
            using var connection = await Connect(app.Url);
            await Send(
                connection,
                $"{group.Path}/members/import",
                $"Authorization: Bearer {person.Api.Token}\r\nContent-Type: text/csv\r\nContent-Length: 4000000"
            );
            Assert.Equal(status, await StatusOf(connection));
        }
    }

    [Theory]
    [InlineData("/api/users/sign-in", "application/json", 413)]
    [InlineData("/sign-in", "application/x-www-form-urlencoded", 400)] // as a form that has expired
    public async Task What_anybody_may_call_takes_a_small_body_only(string path, string type, int status)
    {
        using var connection = await Connect((await TestApp.StartedAsync()).Url);
        await Send(connection, path, $"Content-Type: {type}\r\nContent-Length: 17000");
        Assert.Equal(status, await StatusOf(connection));
    }

    /// <summary>A thousand of each kind: large bodies of strangers, and small ones that never end.</summary>
    [Fact]
    public async Task A_thousand_slow_strangers_cost_less_than_64_MB()
    {
        const int strangers = 1000;
        await using var host = await HostProcess.StartAsync(TestFolder.New("strangers"));
        var connections = new List<TcpClient>();
        try
        {
            await Come(50); // what the first ones cost is not theirs
            var before = host.Memory;
            await Come(strangers);
            var cost = (host.Memory - before) / (1024 * 1024);
            Assert.True(
                cost < 64,
                string.Create(CultureInfo.InvariantCulture, $"{strangers} strangers cost {cost} MB.")
            );
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }

        async Task Come(int count)
        {
            var junk = new byte[48 * 1024];
            for (var number = 0; number < count; number++)
            {
                var (path, type, length, sent) = (number % 3) switch
                {
                    0 => (Import, "text/csv", "4000000", junk.Length),
                    1 => ("/api/users/sign-in", "application/json", "16000", 15_000),
                    _ => ("/sign-in", "application/x-www-form-urlencoded", "16000", 15_000),
                };
                var connection = await Connect(host.Url);
                connections.Add(connection);
                await Send(
                    connection,
                    path,
                    $"Authorization: Bearer made-up\r\nContent-Type: {type}\r\nContent-Length: {length}"
                );
                connection.SendTimeout = 200;
                // More than the host takes in stays here: it must not wait for that.
                _ = connection
                    .GetStream()
                    .WriteAsync(junk.AsMemory(0, sent))
                    .AsTask()
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            }

            Assert.Equal(401, await StatusOf(connections[^(count % 3 == 0 ? 3 : count % 3)]));
        }
    }

    private static async Task<TcpClient> Connect(Uri url)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(url.Host, url.Port);
        return connection;
    }

    private static async Task Send(TcpClient connection, string path, string headers) =>
        await connection
            .GetStream()
            .WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: practice.test\r\n{headers}\r\n\r\n"));

    private static async Task<int> StatusOf(TcpClient connection)
    {
        using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII, leaveOpen: true);
        var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return int.Parse(line!.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
