using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Practice.Shared.Messaging;
using Practice.Webhooks.Delivery;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Practice.Webhooks.Tests;

/// <summary>What receivers get, and what becomes of it. Signatures are checked by a library that is not ours.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task A_delivery_is_signed_and_holds_no_names()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var group = await app.NewGroup();
        var hook = await group.Hook(receiver.Url, "member.joined");

        var joined = await group.AddsNewPerson();

        var got = await receiver.Gets("member.joined");
        Verify(hook.Secret, got);
        var data = got.Json.GetProperty("data");
        Assert.Equal(group.Id, data.GetProperty("groupId").GetGuid());
        Assert.Equal(joined.Id, Assert.Single(data.GetProperty("userIds").EnumerateArray()).GetGuid());
        foreach (var personal in new[] { joined.FirstName, joined.LastName, joined.Email, group.Name })
            Assert.DoesNotContain(personal, got.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("application/json", got.Headers.ContentType);
        Assert.False(got.Headers.ContainsKey("traceparent"));

        // Nor does the library accept it later, changed, or with another secret.
        Assert.Throws<WebhookVerificationException>(() => Verify(hook.Secret, got with { Body = got.Body + " " }));
        var old = new HeaderDictionary(got.Headers.ToDictionary()) { ["webhook-timestamp"] = "1700000000" };
        Assert.Throws<WebhookVerificationException>(() => Verify(hook.Secret, got with { Headers = old }));
        var other = await group.Hook(receiver.Url);
        Assert.Throws<WebhookVerificationException>(() => Verify(other.Secret, got));

        await Eventually.Is(async () => Status(Assert.Single(await hook.Deliveries())) == "delivered");
        var stored = await app.Owner.Scalar<string>("select secret from webhooks.webhooks where id = $1", hook.Id);
        Assert.StartsWith("encrypted:", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_told_only_of_what_it_asked_for_in_its_own_practice()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var (group, other) = (await app.NewGroup(), await app.NewGroup());
        var hook = await group.Hook(receiver.Url, "location.created");
        var ofMembers = await group.Hook(receiver.Url, "member.joined");
        var elsewhere = await other.Hook(receiver.Url, "location.created");

        (await group.Owner.Api.Post($"{group.Path}/locations", new { name = "A", timeZone = "Europe/Vienna" })).Should(
            201
        );
        await app.SettlesAsync();

        Assert.Single(await hook.Deliveries());
        Assert.Empty(await ofMembers.Deliveries());
        Assert.Empty(await elsewhere.Deliveries());
        Assert.Equal("location.created", Assert.Single(receiver.All).Event);
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_with_the_same_id_and_a_new_signature()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = number =>
            number switch
            {
                1 => 500,
                2 => 302,
                _ => 200,
            };
        var hook = await (await app.NewGroup()).Hook(receiver.Url);

        var test = await hook.Test();
        await app.SettlesAsync();
        Assert.Single(receiver.All);
        await app.PassesAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(2, receiver.All.Count);
        var rejected = await hook.Delivery(test);
        Assert.Equal("rejected", rejected.GetProperty("problem").GetString());
        Assert.Equal(302, rejected.GetProperty("statusCode").GetInt32());
        await app.PassesAsync(TimeSpan.FromSeconds(34));

        Assert.Equal(3, receiver.All.Count);
        Assert.All(receiver.All, got => Assert.Equal("/hooks", got.Path)); // no redirect is followed
        Assert.Single(receiver.All.Select(got => got.Id).Distinct());
        Assert.Equal(3, receiver.All.Select(got => got.Headers["webhook-signature"].ToString()).Distinct().Count());
        var delivered = await hook.Delivery(test);
        Assert.Equal("delivered", Status(delivered));
        Assert.Equal(3, delivered.GetProperty("attempts").GetInt32());
        Assert.Equal(receiver.All[0].Id, delivered.GetProperty("messageId").GetString());
        Assert.Equal(0, (await hook.ReadAsync())["waiting"].GetInt32());
    }

    [Fact]
    public async Task After_a_day_the_webhook_is_turned_off_and_the_owners_are_told_and_all_can_be_replayed()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 503;
        var group = await app.NewGroup();
        var hook = await group.Hook(receiver.Url, "location.created");
        var first = await hook.Test();
        for (var hour = 0; hour < 23; hour++)
            await app.PassesAsync(TimeSpan.FromHours(1));
        Assert.True((await hook.ReadAsync())["enabled"].GetBoolean());
        Assert.InRange(receiver.All.Count, 8, 11);
        var owner = await group.Owner.SignsInAgain();
        group = group with { Owner = owner };
        hook = hook with { Group = group };
        (await owner.Api.Post($"{group.Path}/locations", new { name = "New", timeZone = "Europe/Vienna" })).Should(201);
        await app.SettlesAsync();

        await app.PassesAsync(TimeSpan.FromHours(2));
        await app.SettlesAsync();

        var off = await hook.ReadAsync();
        Assert.False(off["enabled"].GetBoolean());
        Assert.Equal("failing", off["disabledReason"].GetString());
        Assert.All(await hook.Deliveries(), delivery => Assert.Equal("failed", Status(delivery)));
        var told = await Eventually.Get(async () =>
            (await owner.Api.Get("/api/users/me/notifications")).Items.Any(IsAboutIt) ? "told" : null
        );
        Assert.NotNull(told);
        var audit = (await owner.Api.Get($"{group.Path}/audit?act=webhooks.disabled")).Should(200).Items;
        Assert.Contains("turned off a webhook", audit[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
        (await owner.Api.Post($"{hook.Path}/test")).Should(409, "webhooks.disabled");
        (await owner.Api.Post($"{hook.Path}/replay")).Should(409, "webhooks.disabled");

        receiver.Answers = _ => 200;
        await hook.Change(
            new
            {
                url = receiver.Url,
                events = new[] { "location.created" },
                enabled = true,
            }
        );
        Assert.Equal(2, (await owner.Api.Post($"{hook.Path}/replay")).Should(202)["count"].GetInt32());
        await app.SettlesAsync();
        Assert.All(await hook.Deliveries(), delivery => Assert.Equal("delivered", Status(delivery)));
        Assert.Equal(receiver.All[0].Id, receiver.All.Last(got => got.Event == "webhook.test").Id);
        (await owner.Api.Post($"{hook.Path}/deliveries/{first}/replay")).Should(202);
        await app.SettlesAsync();
        Assert.Equal(receiver.All[0].Id, receiver.All[^1].Id);

        static bool IsAboutIt(JsonElement one) =>
            one.GetProperty("kind").GetString() == "webhookDisabled"
            && one.GetProperty("title").GetString()!.Contains("127.0.0.1", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Off_and_on_again_a_receiver_that_failed_is_still_left_alone()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 503;
        var group = await app.NewGroup();
        var hook = await group.Hook(receiver.Url, "location.created");
        for (var number = 0; number < 3; number++)
            await Opens($"{number}");
        Assert.Equal(3, receiver.All.Count);
        var paused = (await hook.ReadAsync())["pausedUntil"].GetDateTimeOffset();

        await Turns(on: false);
        await Turns(on: true);
        receiver.Answers = _ => 200;
        await Opens("after");

        var now = await hook.ReadAsync();
        Assert.Equal((paused, 1), (now["pausedUntil"].GetDateTimeOffset(), now["waiting"].GetInt32()));
        Assert.Equal(3, receiver.All.Count);
        await app.PassesAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(4, receiver.All.Count);

        async Task Opens(string name)
        {
            (await group.Owner.Api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" })).Should(
                201
            );
            await app.SettlesAsync();
        }

        Task Turns(bool on) =>
            hook.Change(
                new
                {
                    url = receiver.Url,
                    events = new[] { "location.created" },
                    enabled = on,
                }
            );
    }

    [Theory]
    [InlineData("url")]
    [InlineData("secret")]
    public async Task A_corrected_webhook_gets_what_waits_at_once(string corrected)
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 503;
        var group = await app.NewGroup();
        var hook = await group.Hook(receiver.Url, "location.created");
        for (var number = 0; number < 4; number++)
        {
            (
                await group.Owner.Api.Post(
                    $"{group.Path}/locations",
                    new { name = $"{number}", timeZone = "Europe/Vienna" }
                )
            ).Should(201);
            await app.SettlesAsync();
        }

        var before = await hook.ReadAsync();
        Assert.Equal(JsonValueKind.String, before["pausedUntil"].ValueKind);
        var tried = receiver.All.Count;
        Assert.Equal((3, 4), (tried, before["waiting"].GetInt32()));
        receiver.Answers = _ => 204;

        if (corrected == "url")
            await hook.Change(
                new
                {
                    url = $"{receiver.Url}/right",
                    events = new[] { "location.created" },
                    enabled = true,
                }
            );
        else
            (await group.Owner.Api.Post($"{hook.Path}/rotate")).Should(200);
        await app.SettlesAsync();

        Assert.Equal(4, receiver.All.Skip(tried).Select(got => got.Id).Distinct().Count());
        var after = await hook.ReadAsync();
        Assert.Equal((JsonValueKind.Null, 0), (after["pausedUntil"].ValueKind, after["waiting"].GetInt32()));
        Assert.All(await hook.Deliveries(), delivery => Assert.Equal("delivered", Status(delivery)));
    }

    /// <summary>What the former receiver says says nothing about the one that the webhook has now.</summary>
    [Theory]
    [InlineData(410)]
    [InlineData(503)]
    [InlineData(204)]
    public async Task An_answer_of_a_former_URL_that_comes_late_does_not_count(int status)
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachineWithin("00:00:20"));
        await using var former = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var answers = new TaskCompletionSource();
        (former.Opens, former.Answers) = (answers.Task, _ => status);
        var hook = await (await app.NewGroup()).Hook(former.Url);
        var delivery = await hook.Test();
        await former.Gets("webhook.test");

        await hook.Change(
            new
            {
                url = receiver.Url,
                events = new[] { "member.joined" },
                enabled = true,
            }
        );
        answers.SetResult();

        await receiver.Gets("webhook.test");
        await Eventually.Is(async () => Status(await hook.Delivery(delivery)) == "delivered");
        await app.SettlesAsync();
        Assert.Single(receiver.All);
        Assert.Equal(1, (await hook.Delivery(delivery)).GetProperty("attempts").GetInt32());
        Assert.True((await hook.ReadAsync())["enabled"].GetBoolean());
    }

    [Fact]
    public async Task A_receiver_that_is_gone_gets_no_more()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers = _ => 410;
        var hook = await (await app.NewGroup()).Hook(receiver.Url);

        await hook.Test();
        await app.SettlesAsync();

        Assert.Equal("gone", (await hook.ReadAsync())["disabledReason"].GetString());
        await app.PassesAsync(TimeSpan.FromHours(1));
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task A_message_that_a_receiver_rejects_holds_up_no_other_and_turns_nothing_off()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var hook = await (await app.NewGroup()).Hook(receiver.Url);
        receiver.Answers = number => receiver.All[number - 1].Id == receiver.All[0].Id ? 400 : 200;
        var poison = await hook.Test();
        await app.SettlesAsync();
        await app.Owner.Execute("update webhooks.deliveries set event = 'member.joined' where id = $1", poison);
        for (var hour = 0; hour < 25; hour++)
        {
            await app.PassesAsync(TimeSpan.FromHours(1));
            if (hour % 12 == 1)
            {
                hook = hook with { Group = hook.Group with { Owner = await hook.Group.Owner.SignsInAgain() } };
                var other = await hook.Test();
                await app.SettlesAsync();
                Assert.Equal("delivered", Status(await hook.Delivery(other)));
            }
        }

        hook = hook with { Group = hook.Group with { Owner = await hook.Group.Owner.SignsInAgain() } };
        Assert.Equal("failed", Status(await hook.Delivery(poison)));
        Assert.True((await hook.ReadAsync())["enabled"].GetBoolean());
    }

    [Fact]
    public async Task For_a_day_after_a_rotation_both_secrets_sign()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var receiver = await Receiver.StartAsync();
        var hook = await (await app.NewGroup()).Hook(receiver.Url);
        var rotated = (await hook.Group.Owner.Api.Post($"{hook.Path}/rotate")).Should(200)["secret"].GetString()!;
        Assert.NotEqual(hook.Secret, rotated);

        await hook.Test();
        var test = await receiver.Gets("webhook.test");
        var both = test.Headers["webhook-signature"].ToString().Split(' ');
        Assert.Equal(2, both.Length);
        Verify(rotated, One(both[0]));
        Verify(hook.Secret, One(both[1]));

        await app.PassesAsync(TimeSpan.FromHours(25));
        hook = hook with { Group = hook.Group with { Owner = await hook.Group.Owner.SignsInAgain() } };
        await hook.Test();
        var later = await receiver.Gets("webhook.test", times: 2);
        Assert.DoesNotContain(' ', later.Headers["webhook-signature"].ToString());

        // The .NET library looks at the first signature only.
        Received One(string signature) =>
            test with
            {
                Headers = new HeaderDictionary(test.Headers.ToDictionary()) { ["webhook-signature"] = signature },
            };
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_holds_up_nobody_else()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachineWithin("00:00:20"));
        await using var slow = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var opens = new TaskCompletionSource();
        slow.Opens = opens.Task;
        var group = await app.NewGroup();
        // More than a queue of Wolverine's takes at once by itself.
        for (var number = 0; number < Webhooks.Domain.Webhook.MaxPerGroup - 1; number++)
            await group.Hook(slow.Url, "location.created");
        var hook = await group.Hook(receiver.Url, "location.created");

        (await group.Owner.Api.Post($"{group.Path}/locations", new { name = "A", timeZone = "Europe/Vienna" })).Should(
            201
        );
        await receiver.Gets("location.created");
        await Eventually.Is(() => Task.FromResult(slow.All.Count == Webhooks.Domain.Webhook.MaxPerGroup - 1));
        var other = await app.NewGroup();
        await (await other.Hook(receiver.Url)).Test();
        await receiver.Gets("webhook.test");
        Assert.Empty(await hook.Deliveries("waiting"));

        opens.SetResult();
        await app.SettlesAsync();
    }

    [Fact]
    public async Task Receivers_that_are_slow_wait_for_each_other_and_two_of_a_practice_are_served_at_once()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachineWithin("00:00:01"));
        await using var slow = await Receiver.StartAsync();
        slow.Opens = new TaskCompletionSource().Task;
        var group = await app.NewGroup();
        var hooks = new List<Hook>();
        for (var number = 0; number < 4; number++)
            hooks.Add(await group.Hook(slow.Url));
        foreach (var hook in hooks)
            await hook.Test();

        const string waiting = "status = 'Scheduled' and message_type like '%.SendToSlowReceiver'";
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>($"select count(*) from messaging.wolverine_incoming_envelopes where {waiting}")
            == 4
        );
        await app.Owner.Execute($"delete from messaging.wolverine_incoming_envelopes where {waiting}");
        await app.Owner.Execute("update webhooks.deliveries set next_attempt_at = next_attempt_at - interval '1 hour'");
        var taken = await Task.WhenAll(hooks.Select(TakeAsync));
        Assert.Equal(2, taken.Count(one => one.DeliveryId is not null));

        async Task<TakenDelivery> TakeAsync(Hook hook)
        {
            await using var scope = app.Services.CreateAsyncScope();
            var take = new TakeNextDelivery(group.Id, hook.Id, Guid.NewGuid(), Slowly: true, null, Stop: false);
            return (
                await scope.ServiceProvider.GetRequiredService<IModuleBus>().InvokeAsSystemAsync(take, default)
            ).Value;
        }
    }

    [Fact]
    public async Task A_host_that_is_killed_while_it_sends_sends_again_with_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        var opens = new TaskCompletionSource();
        receiver.Opens = opens.Task;
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
            ["PublicUrl"] = "https://practice.test",
            ["Webhooks:AllowPrivateNetworks"] = "true",
        };
        var data = Path.Combine(TestFolder.Path, Guid.CreateVersion7().ToString());
        Guid test;
        Hook hook;
        await using (var host = await HostProcess.StartAsync(data, settings))
        {
            hook = await (await (await host.SignUpAndConfirm()).CreatesGroup()).Hook(receiver.Url);
            test = await hook.Test();
            await receiver.Gets("webhook.test");
            await host.KillAsync();
        }

        opens.SetResult();
        await using var again = await HostProcess.StartAsync(data, settings);
        var owner = hook.Group.Owner with { Host = again };
        hook = hook with { Group = hook.Group with { Owner = await owner.SignsInAgain() } };
        await Eventually.Is(async () => Status(await hook.Delivery(test)) == "delivered");
        Assert.Equal(receiver.All[0].Id, receiver.All[^1].Id);
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task Two_hosts_send_each_delivery_once()
    {
        await using var app = await TestApp.StartAsync(Hooks.ToThisMachine);
        await using var second = await TestApp.StartAsync(
            Hooks.ToThisMachine with
            {
                ConnectionString = app.ConnectionString,
            }
        );
        await using var receiver = await Receiver.StartAsync();
        var group = await app.NewGroup();
        var hook = await group.Hook(receiver.Url, "location.created");
        var there = new ApiClient[]
        {
            group.Owner.Api,
            (await (group.Owner with { Host = second }).SignsInAgain()).Api,
        };

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async number =>
                    (
                        await there[number % 2]
                            .Post($"{group.Path}/locations", new { name = $"{number}", timeZone = "Europe/Vienna" })
                    ).Should(201)
                )
        );
        await Eventually.Is(async () => (await hook.Deliveries("delivered")).Count == 20);
        Assert.Equal(20, receiver.All.Count);
        Assert.Equal(20, receiver.All.Select(got => got.Id).Distinct().Count());
    }

    private static string Status(JsonElement delivery) => delivery.GetProperty("status").GetString()!;

    private static void Verify(string secret, Received got) =>
        new StandardWebhook(secret).Verify(got.Body, got.Headers);
}
