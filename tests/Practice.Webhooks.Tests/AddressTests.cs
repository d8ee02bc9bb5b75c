using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Practice.Webhooks.Delivery;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Tests;

/// <summary>A practice, which anybody can make, sends nothing into the operator's network.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.100.100.200")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")] // an IPv4 address inside, as long ago
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::7f00:1")]
    [InlineData("100::1")]
    [InlineData("2001:0:7f00:1::")] // Teredo
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")] // 6to4
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void It_is_not_public(string address) => Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700:4700::1111")]
    public void It_is_public(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task No_connection_is_made_to_this_machine_whatever_it_is_called(string host)
    {
        using var listener = new Listener();
        Assert.Equal(DeliveryProblem.AddressNotPublic, await listener.TriedBy(new SystemNameResolver(), host));
    }

    /// <summary>As an attacker's name server would: each time another answer.</summary>
    [Fact]
    public async Task A_name_is_checked_by_the_answer_that_is_used()
    {
        using var listener = new Listener();
        var names = new ChangingNames([], [IPAddress.Loopback], [IPAddress.Parse("10.0.0.1"), IPAddress.IPv6Loopback]);
        Assert.Equal(DeliveryProblem.Unreachable, await listener.TriedBy(names, "rebinding.test"));
        Assert.Equal(DeliveryProblem.AddressNotPublic, await listener.TriedBy(names, "rebinding.test"));
        Assert.Equal(DeliveryProblem.AddressNotPublic, await listener.TriedBy(names, "rebinding.test"));
        Assert.Equal(3, names.Asked);
    }

    [Theory]
    [InlineData("hooks.practice.com", "hooks.practice.com.")] // or a search list would lead into the operator's network
    [InlineData("hooks.practice.com.", "hooks.practice.com.")]
    [InlineData("localhost", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    public async Task A_name_is_asked_for_as_it_is_in_the_whole_internet(string host, string asked)
    {
        var names = new List<string>();
        using var resolver = new SystemNameResolver(name =>
        {
            names.Add(name);
            return Task.FromResult<IPAddress[]>([]);
        });
        await resolver.ResolveAsync(host, CancellationToken.None);
        Assert.Equal(asked, Assert.Single(names));
    }

    [Fact]
    public async Task Name_servers_that_do_not_answer_take_only_so_many_threads()
    {
        var (asked, answers) = (0, new TaskCompletionSource<IPAddress[]>());
        using var resolver = new SystemNameResolver(_ =>
        {
            asked++;
            return answers.Task;
        });
        using var given = new CancellationTokenSource();
        var attempts = Enumerable
            .Range(0, SystemNameResolver.AtOnce + 1)
            .Select(_ => resolver.ResolveAsync("slow.practice.com", given.Token))
            .ToList();
        Assert.Equal(SystemNameResolver.AtOnce, asked);
        await given.CancelAsync();
        foreach (var attempt in attempts)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);

        // The system still asks, though nobody waits for it any more.
        var next = resolver.ResolveAsync("next.practice.com", CancellationToken.None);
        Assert.Equal(SystemNameResolver.AtOnce, asked);
        answers.SetResult([IPAddress.Loopback]);
        Assert.Equal(IPAddress.Loopback, Assert.Single(await next));
    }

    [Fact]
    public async Task Where_an_operator_allows_it_a_connection_is_made()
    {
        using var listener = new Listener();
        var problem = await listener.TriedBy(new SystemNameResolver(), "localhost", allowPrivate: true);
        Assert.NotEqual(DeliveryProblem.AddressNotPublic, problem);
        Assert.True(listener.WasReached);
    }

    [Theory]
    [InlineData("http://hooks.practice.com/")]
    [InlineData("ftp://hooks.practice.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("hooks.practice.com")]
    [InlineData("https://")]
    [InlineData("https://user@hooks.practice.com/")]
    [InlineData("https://user:word@hooks.practice.com/")]
    [InlineData("https://hooks.practice.com:8443/")]
    [InlineData("https://hooks.practice.com:80/")]
    [InlineData("https://hooks.practice.com/#part")]
    [InlineData("https://hooks.practice.com/#")]
    [InlineData("https://hooks.practice.com/a b")]
    [InlineData("https:\\\\hooks.practice.com\\")]
    [InlineData("https://localhost/")]
    [InlineData("https://intranet/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://hooks.practice.com./")]
    [InlineData("https://hooks..com/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://1.1.1.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https://hooks_practice!.com/")]
    public void A_url_that_can_never_work_is_refused(string url) => Assert.NotNull(WebhookUrl.WhyNot(url, false));

    [Theory]
    [InlineData("https://hooks.practice.com", "https://hooks.practice.com/")]
    [InlineData("https://hooks.practice.com:443/a?b=c", "https://hooks.practice.com/a?b=c")]
    [InlineData("https://HOOKS.Bücher.de/ä", "https://hooks.xn--bcher-kva.de/%C3%A4")]
    public void A_url_is_kept_in_one_form(string url, string kept)
    {
        Assert.Null(WebhookUrl.WhyNot(url, false));
        Assert.Equal(kept, WebhookUrl.Normalize(url));
    }

    [Fact]
    public async Task A_practice_is_told_what_is_wrong_and_nothing_is_sent()
    {
        await using var app = await TestApp.StartAsync();
        var group = await app.NewGroup();
        (
            await group.Owner.Api.Post(
                $"{group.Path}/webhooks",
                new { url = "https://localhost/", events = new[] { "member.joined" } }
            )
        ).ShouldReject("url");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/webhooks",
                new { url = "https://hooks.practice.com/", events = new[] { "member.fired" } }
            )
        ).ShouldReject("events");
        (await group.Owner.Api.Post($"{group.Path}/webhooks", new { })).ShouldReject("url", "events");
    }

    [Fact]
    public async Task A_practice_has_ten_webhooks_at_most()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        var group = await app.NewGroup();
        var made = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(_ =>
                    group.Owner.Api.Post(
                        $"{group.Path}/webhooks",
                        new { url = "http://127.0.0.1:9/", events = new[] { "member.joined" } }
                    )
                )
        );
        Assert.Equal(10, made.Count(answer => answer.Status == 201));
        Assert.All(made.Where(answer => answer.Status != 201), answer => answer.Should(409, "webhooks.too_many"));
    }

    private sealed class ChangingNames(params IPAddress[][] answers) : INameResolver
    {
        public int Asked { get; private set; }

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct) => Task.FromResult(answers[Asked++]);
    }

    /// <summary>A port of this machine that nobody may reach.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.IPv6Any, 0);

        public Listener()
        {
            _listener.Server.DualMode = true;
            _listener.Start();
        }

        public bool WasReached => _listener.Pending();

        public async Task<DeliveryProblem?> TriedBy(INameResolver names, string host, bool allowPrivate = false)
        {
            var options = new WebhookOptions
            {
                AllowPrivateNetworks = allowPrivate,
                Timeout = TimeSpan.FromSeconds(allowPrivate ? 1 : 60), // nobody answers there
            };
            using var client = new WebhookClient(Options.Create(options), names, TimeProvider.System);
            var url = $"https://{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
            var taken = new TakenDelivery(Guid.NewGuid(), url, "{}", [WebhookSecret.New()]);
            var result = await client.SendAsync(Guid.NewGuid(), taken, CancellationToken.None);
            Assert.Null(result.StatusCode);
            if (!allowPrivate)
                Assert.False(WasReached);
            return result.Problem;
        }

        public void Dispose() => _listener.Dispose();
    }
}
