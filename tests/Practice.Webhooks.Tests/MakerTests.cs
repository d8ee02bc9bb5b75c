namespace Practice.Webhooks.Tests;

/// <summary>What becomes of a webhook whose maker is deactivated or leaves.</summary>
public sealed class MakerTests
{
    private const string Receiver = "https://hooks.example.com/practice";

    [Fact]
    public async Task A_deactivation_tells_owners_which_webhooks_go_on_and_turns_them_off_if_an_owner_says_so()
    {
        var app = await TestApp.StartedAsync();
        var group = await app.NewGroup();
        var maker = await Owner(group);
        var theirs = await (group with { Owner = maker }).Hook(Receiver);
        var kept = await group.Hook("https://other.example.com/practice");
        var manager = await group.AddsNewPerson("manager");
        var preview = $"{group.Path}/members/{maker.Id}/deactivation";

        var left = Assert.Single((await group.Owner.Api.Get(preview)).Should(200)["webhooks"].EnumerateArray());
        Assert.Equal(
            (theirs.Id, "hooks.example.com"),
            (left.GetProperty("webhookId").GetGuid(), left.GetProperty("host").GetString())
        );
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{maker.Id}/access",
                new { accessLevel = "reception", owner = false }
            )
        ).Should(204);
        Assert.Empty((await manager.Api.Get(preview)).Should(200)["webhooks"].EnumerateArray());
        var createdBy = (await Read(theirs))["createdBy"];
        Assert.Equal(maker.Id, createdBy.GetProperty("userId").GetGuid());
        Assert.Contains(maker.LastName, createdBy.GetProperty("name").GetString(), StringComparison.Ordinal);

        (
            await group.Owner.Api.Post($"{group.Path}/members/{maker.Id}/deactivate", new { revokeApiClients = true })
        ).Should(204);
        await IsOff(group, theirs);
        Assert.True((await Read(kept))["enabled"].GetBoolean());
        await Eventually.Is(async () =>
            (await group.Owner.Api.Get("/api/users/me/notifications")).Items.Any(one =>
                one.GetProperty("kind").GetString() == "webhookDisabled"
            )
        );

        async Task<Answer> Read(Hook hook) => (await group.Owner.Api.Get(hook.Path)).Should(200);
    }

    [Fact]
    public async Task With_many_at_once_and_for_who_leaves_it_is_the_same_choice()
    {
        var app = await TestApp.StartedAsync();
        var group = await app.NewGroup();
        var (deactivated, leaves, stays) = (await Owner(group), await Owner(group), await Owner(group));
        var (one, two) = (await Makes(deactivated), await Makes(leaves));
        var goesOn = await Makes(stays);

        var chosen = (
            await group.Owner.Api.Post(
                $"{group.Path}/users/batch/preview",
                new { act = "deactivate", ids = new[] { deactivated.Id, group.Owner.Id } }
            )
        )
            .Should(200)
            .Items;
        Assert.Equal(
            one.Id,
            Assert.Single(chosen[0].GetProperty("webhooks").EnumerateArray()).GetProperty("webhookId").GetGuid()
        );
        Assert.Empty(chosen[1].GetProperty("webhooks").EnumerateArray());
        (
            await group.Owner.Api.Post(
                $"{group.Path}/users/batch",
                new
                {
                    act = "deactivate",
                    ids = new[] { deactivated.Id },
                    revokeApiClients = true,
                }
            )
        ).Should(200);
        (await leaves.Api.Post($"{group.Path}/members/me/leave", new { revokeApiClients = true })).Should(204);
        (await stays.Api.Post($"{group.Path}/members/me/leave")).Should(204);

        await IsOff(group, one);
        await IsOff(group, two);
        await app.SettlesAsync();
        Assert.True((await group.Owner.Api.Get(goesOn.Path)).Should(200)["enabled"].GetBoolean());

        Task<Hook> Makes(Person owner) => (group with { Owner = owner }).Hook(Receiver);
    }

    /// <summary>Else who re-points another's webhook keeps it after they have gone.</summary>
    [Fact]
    public async Task A_webhook_goes_with_who_last_gave_it_a_URL_or_a_secret()
    {
        var group = await (await TestApp.StartedAsync()).NewGroup();
        var (points, rotates) = (await Owner(group), await Owner(group));
        var (one, two, kept) = (await group.Hook(Receiver), await group.Hook(Receiver), await group.Hook(Receiver));
        (
            await points.Api.Change(
                one.Path,
                new
                {
                    url = "https://elsewhere.example.com/practice",
                    events = new[] { "member.joined" },
                    enabled = true,
                }
            )
        ).Should(204);
        (await rotates.Api.Post($"{two.Path}/rotate")).Should(200);
        foreach (var leaves in (Person[])[points, rotates])
            (
                await group.Owner.Api.Post(
                    $"{group.Path}/members/{leaves.Id}/deactivate",
                    new { revokeApiClients = true }
                )
            ).Should(204);

        await IsOff(group, one);
        await IsOff(group, two);
        Assert.True((await group.Owner.Api.Get(kept.Path)).Should(200)["enabled"].GetBoolean());
    }

    private static Task IsOff(Group group, Hook hook) =>
        Eventually.Is(async () =>
            (await group.Owner.Api.Get(hook.Path)).Should(200)["disabledReason"].ToString() == "makerLeft"
        );

    private static async Task<Person> Owner(Group group)
    {
        var person = await group.WelcomesNewPerson();
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{person.Id}/access",
                new { accessLevel = "full", owner = true }
            )
        ).Should(204);
        return await person.SignsInAgain();
    }
}
