using System.Net;

namespace Practice.Host.Tests;

/// <summary>Who deactivates people, or leaves, is asked what becomes of the API clients that they made.</summary>
public sealed class LeftClientPageTests
{
    private const string Question = "Revoke these API clients, too";

    [Theory, InlineData(true), InlineData(false)]
    public async Task With_many_users_at_once(bool revoke)
    {
        var (group, second, client) = await NewGroup();
        using var browser = await SignedIn(group.Owner);
        var plain = await group.AddsNewPerson();
        var many = $"/practice/{group.Id}/settings/users/many?act=deactivate";
        Assert.DoesNotContain(Question, await Text(browser, $"{many}&id={plain.Id}"), StringComparison.Ordinal);

        var page = $"{many}&id={plain.Id}&id={second.Id}";
        var text = await Text(browser, page);
        Assert.Contains("API clients that they made go on: Theirs.", text, StringComparison.Ordinal);
        Assert.Contains(Question, text, StringComparison.Ordinal);
        var answer = await Posts(browser, page, "many", revoke);

        Assert.Contains("2 done, 0 unchanged", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(revoke ? "revoked" : "active", await StatusOf(group, client));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task When_leaving(bool revoke)
    {
        var (group, second, client) = await NewGroup();
        using var browser = await SignedIn(second);
        var page = $"/practice/{group.Id}/settings/users/{second.Id}";

        var text = await Text(browser, page);
        Assert.Contains("API clients that you made go on: Theirs.", text, StringComparison.Ordinal);
        Assert.Contains(Question, text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await Posts(browser, page, "leave", revoke)).StatusCode);

        Assert.Equal("deactivated", (await group.MemberOf(second))["status"].GetString());
        Assert.Equal(revoke ? "revoked" : "active", await StatusOf(group, client));
        using var owner = await SignedIn(group.Owner);
        var own = await Text(owner, $"/practice/{group.Id}/settings/users/{group.Owner.Id}");
        Assert.DoesNotContain(Question, own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_that_they_made_are_in_the_same_question()
    {
        var (group, second, client) = await NewGroup();
        (
            await second.Api.Post(
                $"{group.Path}/webhooks",
                new { url = "https://hooks.example.com/practice", events = new[] { "member.joined" } }
            )
        ).Should(201);
        using var browser = await SignedIn(group.Owner);
        using var own = await SignedIn(second);
        var member = $"/practice/{group.Id}/settings/users/{second.Id}";
        var many = $"/practice/{group.Id}/settings/users/many?act=deactivate&id={second.Id}";
        const string both = "Revoke these API clients and turn these webhooks off, too";
        foreach (var page in new[] { many, $"{member}?deactivate" })
            await Asks(browser, page, "Webhooks that they made go on, to: hooks.example.com.", both);
        await Asks(own, member, "Webhooks that you made go on, to: hooks.example.com.", both);

        (await group.Owner.Api.Post($"{group.Path}/clients/{client}/revoke")).Should(204);
        foreach (var page in new[] { many, $"{member}?deactivate" })
            await Asks(browser, page, "Turn these webhooks off, too");

        static async Task Asks(Browser browser, string page, params string[] words)
        {
            var text = await Text(browser, page);
            foreach (var sentence in words)
                Assert.Contains(
                    sentence,
                    string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
                    StringComparison.Ordinal
                );
        }
    }

    /// <summary>A group with a second owner, who made a client.</summary>
    private static async Task<(Group Group, Person Second, Guid Client)> NewGroup()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var second = await group.WelcomesNewPerson();
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{second.Id}/access",
                new { accessLevel = "full", owner = true }
            )
        ).Should(204);
        second = await second.SignsInAgain();
        var made = (
            await second.Api.Post($"{group.Path}/clients", new { name = "Theirs", accessLevel = "reception" })
        ).Should(201);
        return (group, second, made["clientId"].GetGuid());
    }

    private static async Task<string?> StatusOf(Group group, Guid client) =>
        (await group.Owner.Api.Get($"{group.Path}/clients/{client}")).Should(200)["status"].GetString();

    private static async Task<Browser> SignedIn(Person person)
    {
        var browser = new Browser(await TestApp.StartedAsync());
        await browser.SignIn(person);
        return browser;
    }

    private static async Task<HttpResponseMessage> Posts(Browser browser, string page, string form, bool revoke)
    {
        var token = await browser.Token(page);
        return revoke
            ? await browser.Post(page, token, ("_handler", form), ("revokeApiClients", "true"))
            : await browser.Post(page, token, ("_handler", form));
    }

    private static async Task<string> Text(Browser browser, string page) =>
        WebUtility.HtmlDecode(await (await browser.Get(page)).Content.ReadAsStringAsync());
}
