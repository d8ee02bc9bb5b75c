using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>Programs of a group that call the API.</summary>
public sealed class ApiClientTests
{
    private const string TokenPath = "/connect/token";

    [Fact]
    public async Task A_client_calls_in_its_group_within_its_access_and_nowhere_else()
    {
        var group = await NewGroup();
        var other = await NewGroup();
        var client = await Makes(group, "Stock system", "personal", new() { ["manageLocations"] = true });
        var api = await client.SignsIn();

        (await api.Get($"{group.Path}/members")).Should(200);
        var opened = (
            await api.Post($"{group.Path}/locations", new { name = "Annexe", timeZone = "Australia/Perth" })
        ).Should(201);
        (await api.Get($"{group.Path}/locations/{opened.Id}")).Should(200);
        (await api.Get($"{group.Path}/audit")).Should(403, "auth.not_allowed");
        (await api.Get($"{other.Path}/members")).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_client_does_nothing_that_takes_a_person()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Everything", "full");
        var api = await client.SignsIn();

        foreach (
            var path in new[]
            {
                "/api/users/me",
                "/api/users/me/sessions",
                "/api/groups",
                "/api/portal/accounts",
                $"/api/portal/accounts/{Guid.NewGuid()}",
                $"{group.Path}/clients",
                $"{group.Path}/credit",
            }
        )
            (await api.Get(path)).Should(403, "auth.not_for_clients");
        (await api.Post($"{group.Path}/clients", new { name = "More", accessLevel = "full" })).Should(
            403,
            "auth.not_for_clients"
        );
        (await api.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "full"))).Should(
            403,
            "auth.not_for_clients"
        );
        (await api.Post("/api/users/sign-out")).Should(403, "auth.not_for_clients");
        (await api.Get($"{group.Path}/members")).Should(200);
    }

    [Fact]
    public async Task A_revoked_client_can_do_nothing_from_its_next_request_on()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Old system", "full");
        var api = await client.SignsIn();
        (await api.Get($"{group.Path}/members")).Should(200);

        (await group.Owner.Api.Post($"{client.Path}/revoke")).Should(204);

        (await api.Get($"{group.Path}/members")).Should(401, "auth.not_signed_in");
        var refused = await client.AsksForToken();
        Assert.Equal((401, "invalid_client"), (refused.Status, refused["error"].GetString()));
        Assert.Equal("This client was revoked.", refused["error_description"].GetString());
        Assert.Equal("revoked", (await group.Owner.Api.Get(client.Path)).Should(200)["status"].GetString());
        (await group.Owner.Api.Post($"{client.Path}/revoke")).Should(409, "groups.client_revoked");
        (await group.Owner.Api.Delete(client.Path)).Should(409, "groups.client_revoked");
        (await group.Owner.Api.Post($"{client.Path}/rotate")).Should(409, "groups.client_revoked");
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_work_for_a_day()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Recall", "reception");
        var token = await client.SignsIn();

        var rotated = (await group.Owner.Api.Post($"{client.Path}/rotate")).Should(200);
        var newer = client with { Secret = rotated["clientSecret"].GetString()! };
        var ends = rotated["formerSecretUntil"].GetDateTimeOffset();
        Assert.InRange(ends - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
        Assert.Equal(200, (await client.AsksForToken()).Status);
        Assert.Equal(200, (await newer.AsksForToken()).Status);
        (await token.Get($"{group.Path}/members")).Should(200);

        await App(group)
            .Owner.Execute("update authority.clients set former_until = now() where client_id = $1", client.Id);
        Assert.Equal(401, (await client.AsksForToken()).Status);
        Assert.Equal(200, (await newer.AsksForToken()).Status);
        Assert.Equal(
            JsonValueKind.Null,
            (await group.Owner.Api.Get(client.Path)).Should(200)["formerSecretUntil"].ValueKind
        );
    }

    [Fact]
    public async Task No_token_lives_longer_than_its_client()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Study", "reception", expiresAt: DateTimeOffset.UtcNow.AddMinutes(10));

        var token = await client.AsksForToken();
        Assert.InRange(token["expires_in"].GetInt32(), 500, 600);
        var unending = await (await Makes(group, "Desk", "reception")).AsksForToken();
        Assert.InRange(unending["expires_in"].GetInt32(), 3_500, 3_600);

        await App(group)
            .Owner.Execute("update authority.clients set expires_at = now() where client_id = $1", client.Id);
        var refused = await client.AsksForToken();
        Assert.Equal(
            (401, "invalid_client", "This client has expired."),
            (refused.Status, refused["error"].GetString(), refused["error_description"].GetString())
        );
        (
            await group.Owner.Api.Post(
                $"{group.Path}/clients",
                new
                {
                    name = "Late",
                    accessLevel = "full",
                    expiresAt = DateTimeOffset.UtcNow.AddMinutes(-1),
                }
            )
        ).ShouldReject("expiresAt");
    }

    [Fact]
    public async Task Wrong_secrets_slow_down_the_address_they_come_from()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Letters", "reception");
        var (near, far) = (group.Host.ApiFrom("127.0.0.21"), group.Host.ApiFrom("127.0.0.22"));
        var wrong = client with { Secret = "wrong" };

        for (var attempt = 0; attempt < 5; attempt++)
            Assert.Equal(401, (await wrong.AsksForToken(near)).Status);
        var waits = await client.AsksForToken(near);
        Assert.Equal((429, "temporarily_unavailable"), (waits.Status, waits["error"].GetString()));
        Assert.InRange(waits.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(200, (await client.AsksForToken(far)).Status);
    }

    public static TheoryData<string, string, int, string> BadRequests =>
        new()
        {
            { "no grant type", "", 400, "invalid_request" },
            { "another grant type", "grant_type=password&username=a&password=b", 400, "unsupported_grant_type" },
            { "an unknown grant type", "grant_type=magic", 400, "unsupported_grant_type" },
            { "a scope", "grant_type=client_credentials&scope=admin", 400, "invalid_scope" },
            { "a grant type sent twice", "grant_type=client_credentials&grant_type=password", 400, "invalid_request" },
            { "a scope sent twice", "grant_type=client_credentials&scope=a&scope=b", 400, "invalid_request" },
            { "an unknown client", "grant_type=client_credentials&client_id=me", 401, "invalid_client" },
            { "a form that cannot be read", "grant_type=client_credentials&client_id=%00", 400, "invalid_request" },
        };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task A_bad_request_for_a_token_is_told_why(string what, string body, int status, string error)
    {
        var group = await NewGroup();
        var client = await Makes(group, what, "reception");

        if (!body.Contains("client_id", StringComparison.Ordinal))
            body += $"&client_id={client.Id}";
        var refused = await Form(group.Host.Api, $"{body}&client_secret={client.Secret}");

        Assert.True((refused.Status, refused["error"].GetString()) == (status, error), refused.ToString());
        Assert.False(refused.Json.TryGetProperty("error_uri", out _));
    }

    [Fact]
    public async Task A_request_for_a_token_without_a_secret_or_in_no_form_is_refused()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Bare", "reception");
        var api = group.Host.Api;

        Assert.Equal(
            "invalid_request",
            (await Form(api, $"grant_type=client_credentials&client_id={client.Id}"))["error"].GetString()
        );
        (await api.Post(TokenPath, new { grant_type = "client_credentials" })).Should(
            415,
            "request.unsupported_media_type"
        );
        (await Form(api, $"grant_type=client_credentials&padding={new string('x', 20_000)}")).Should(413);
        var twice = await Form(
            api.WithHeader("Authorization", client.Basic),
            $"grant_type=client_credentials&client_id={client.Id}&client_secret={client.Secret}"
        );
        Assert.Equal((400, "invalid_request"), (twice.Status, twice["error"].GetString()));
    }

    [Fact]
    public async Task What_a_client_does_is_audited_as_the_clients()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Stock system", "personal", new() { ["manageLocations"] = true });
        var api = await client.SignsIn();
        (await api.Post($"{group.Path}/locations", new { name = "Annexe", timeZone = "Australia/Perth" })).Should(201);
        (await group.Owner.Api.Post($"{client.Path}/rotate")).Should(200);
        (await group.Owner.Api.Post($"{client.Path}/revoke")).Should(204);

        var entries = (await group.Owner.Api.Get($"{group.Path}/audit?limit=4")).Should(200).Items;

        var owner = $"{group.Owner.FirstName} {group.Owner.LastName}";
        Assert.Equal(
            [
                $"{owner} revoked the API client Stock system",
                $"{owner} gave the API client Stock system another secret",
                "The API client Stock system added the location Annexe",
                $"{owner} made the API client Stock system",
            ],
            entries.Select(entry => entry.GetProperty("sentence").GetString())
        );
        Assert.Equal("client", entries[2].GetProperty("authority").GetString());
        Assert.Equal(client.Id, entries[2].GetProperty("actorId").GetGuid());
        Assert.Equal("Stock system", entries[2].GetProperty("actorName").GetString());
    }

    [Fact]
    public async Task A_client_repeats_a_call_with_the_same_key()
    {
        var group = await NewGroup();
        var client = await Makes(group, "Stock system", "manager");
        var api = (await client.SignsIn()).WithHeader("Idempotency-Key", "opening-1");
        var location = new { name = "Annexe", timeZone = "Australia/Perth" };

        var first = (await api.Post($"{group.Path}/locations", location)).Should(201);
        Assert.Equal(first.Id, (await api.Post($"{group.Path}/locations", location)).Should(201).Id);
    }

    [Fact]
    public async Task A_clients_access_follows_its_own_level()
    {
        var group = await NewGroup();
        var level = (
            await group.Owner.Api.Post(
                $"{group.Path}/access-levels",
                new
                {
                    name = "Interfaces",
                    roleType = "administrator",
                    settings = new { manageUsers = true },
                }
            )
        ).Should(201);
        var client = await Makes(group, "Sync", level.Id.ToString(), new() { ["exportData"] = true });
        var api = await client.SignsIn();
        (await api.Get($"{group.Path}/audit")).Should(200);

        (
            await group.Owner.Api.Change(
                $"{group.Path}/access-levels/{level.Id}",
                new { name = "Interfaces", settings = new { manageLocations = true } }
            )
        ).Should(204);

        (await api.Get($"{group.Path}/audit")).Should(403, "auth.not_allowed");
        (await api.Post($"{group.Path}/locations", new { name = "Annexe", timeZone = "Australia/Perth" })).Should(201);
        var view = (await group.Owner.Api.Get(client.Path)).Should(200);
        Assert.Equal(level.Id.ToString(), view["accessLevel"].GetString());
        Assert.True(view["settings"].GetProperty("exportData").GetBoolean());
        var audited = (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.client_access_changed"))
            .Should(200)
            .Items.Single();
        Assert.Equal(client.Id, audited.GetProperty("subjectId").GetGuid());
        Assert.EndsWith(
            "changed the access of the API client Sync",
            audited.GetProperty("sentence").GetString(),
            StringComparison.Ordinal
        );
        var preview = new { settings = new { manageUsers = true } };
        Assert.Equal(
            1,
            (await group.Owner.Api.Post($"{group.Path}/access-levels/{level.Id}/preview", preview))
                .Should(200)["apiClientsChanged"]
                .GetInt32()
        );
    }

    [Fact]
    public async Task Who_made_a_client_is_shown_and_it_may_end_with_their_access()
    {
        var group = await NewGroup();
        var second = await group.WelcomesNewPerson();
        var access = $"{group.Path}/members/{second.Id}/access";
        (
            await group.Owner.Api.Change(
                access,
                new
                {
                    accessLevel = "full",
                    settings = new { },
                    owner = true,
                }
            )
        ).Should(204);
        second = await second.SignsInAgain();
        var kept = await Makes(group, "Owner's", "reception");
        var theirs = await Makes(group with { Owner = second }, "Theirs", "reception");
        var revoked = await Makes(group with { Owner = second }, "Revoked", "reception");
        (await second.Api.Post($"{revoked.Path}/revoke")).Should(204);
        var api = await theirs.SignsIn();
        Assert.True(await MakerIsOwner());

        // Their access is less, the client's is what it was: that is shown.
        (
            await group.Owner.Api.Change(
                access,
                new
                {
                    accessLevel = "reception",
                    settings = new { },
                    owner = false,
                }
            )
        ).Should(204);
        Assert.False(await MakerIsOwner());
        (await api.Get($"{group.Path}/members")).Should(200);

        var preview = $"{group.Path}/members/{second.Id}/deactivation";
        var left = (await group.Owner.Api.Get(preview)).Should(200)["apiClients"].EnumerateArray().Single();
        Assert.Equal(
            (theirs.Id, "Theirs"),
            (left.GetProperty("clientId").GetGuid(), left.GetProperty("name").GetString())
        );
        var manager = await group.AddsNewPerson("manager", "administrator");
        Assert.Empty((await manager.Api.Get(preview)).Should(200)["apiClients"].EnumerateArray());

        var deactivate = $"{group.Path}/members/{second.Id}/deactivate";
        (await manager.Api.Post(deactivate, new { revokeApiClients = true })).Should(403, "auth.not_allowed");
        Assert.Equal("active", (await group.MemberOf(second))["status"].GetString());
        (await group.Owner.Api.Post(deactivate, new { revokeApiClients = true })).Should(204);
        (await api.Get($"{group.Path}/members")).Should(401, "auth.not_signed_in");
        Assert.Equal("revoked", (await group.Owner.Api.Get(theirs.Path)).Should(200)["status"].GetString());
        Assert.Equal("active", (await group.Owner.Api.Get(kept.Path)).Should(200)["status"].GetString());
        var audited = (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.client_revoked")).Should(200).Items;
        Assert.Equal([theirs.Id, revoked.Id], audited.Select(entry => entry.GetProperty("subjectId").GetGuid()));

        async Task<bool> MakerIsOwner()
        {
            var view = (await group.Owner.Api.Get(theirs.Path)).Should(200)["createdBy"];
            Assert.Equal(second.Id, view.GetProperty("userId").GetGuid());
            Assert.Contains(second.LastName, view.GetProperty("name").GetString(), StringComparison.Ordinal);
            return view.GetProperty("owner").GetBoolean();
        }
    }

    [Fact]
    public async Task With_many_at_once_an_owner_ends_their_clients_too()
    {
        var group = await NewGroup();
        var second = await Owner(group);
        var third = await group.AddsNewPerson("full", "administrator");
        var theirs = await Makes(group with { Owner = second }, "Theirs", "reception");
        var kept = await Makes(group, "Kept", "reception");
        var api = await theirs.SignsIn();
        var manager = await group.AddsNewPerson("manager", "administrator");
        object Batch(bool? revokeApiClients, string act = "deactivate") =>
            new
            {
                act,
                ids = new[] { second.Id, third.Id },
                revokeApiClients,
            };
        var preview = new { act = "deactivate", ids = new[] { second.Id, third.Id } };

        var chosen = (await group.Owner.Api.Post($"{group.Path}/users/batch/preview", preview)).Should(200).Items;
        Assert.Equal(["Theirs"], Names(chosen[0]));
        Assert.Empty(Names(chosen[1]));
        var asManager = (await manager.Api.Post($"{group.Path}/users/batch/preview", preview)).Should(200).Items;
        Assert.Empty(Names(asManager[0]));
        (await manager.Api.Post($"{group.Path}/users/batch", Batch(true))).Should(403, "auth.not_allowed");
        (await group.Owner.Api.Post($"{group.Path}/users/batch", Batch(true, "resend"))).ShouldReject(
            "revokeApiClients"
        );
        (await api.Get($"{group.Path}/members")).Should(200);
        var report = (await group.Owner.Api.Post($"{group.Path}/users/batch", Batch(true))).Should(200).Items;

        Assert.All(report, verdict => Assert.Equal("done", verdict.GetProperty("outcome").GetString()));
        (await api.Get($"{group.Path}/members")).Should(401, "auth.not_signed_in");
        Assert.Equal("revoked", (await group.Owner.Api.Get(theirs.Path)).Should(200)["status"].GetString());
        Assert.Equal("active", (await group.Owner.Api.Get(kept.Path)).Should(200)["status"].GetString());

        static IEnumerable<string?> Names(System.Text.Json.JsonElement chosen) =>
            chosen.GetProperty("apiClients").EnumerateArray().Select(client => client.GetProperty("name").GetString());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task With_many_at_once_their_clients_go_on_unless_an_owner_says_so(bool says)
    {
        var group = await NewGroup();
        var second = await Owner(group);
        var api = await (await Makes(group with { Owner = second }, "Theirs", "reception")).SignsIn();

        bool? revokeApiClients = says ? false : null;
        var ids = new[] { second.Id };
        (
            await group.Owner.Api.Post(
                $"{group.Path}/users/batch",
                new
                {
                    act = "deactivate",
                    ids,
                    revokeApiClients,
                }
            )
        ).Should(200);

        (await api.Get($"{group.Path}/members")).Should(200);
    }

    [Fact]
    public async Task An_owner_who_leaves_ends_their_clients_or_not()
    {
        var group = await NewGroup();
        var (ends, keeps, former) = (await Owner(group), await Owner(group), await Owner(group));
        var ended = await (await Makes(group with { Owner = ends }, "Ends", "reception")).SignsIn();
        var kept = await (await Makes(group with { Owner = keeps }, "Keeps", "reception")).SignsIn();
        var left = await (await Makes(group with { Owner = former }, "Left", "reception")).SignsIn();
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{former.Id}/access",
                new { accessLevel = "full", owner = false }
            )
        ).Should(204);
        var leave = $"{group.Path}/members/me/leave";

        (await former.Api.Post(leave, new { revokeApiClients = true })).Should(403, "auth.not_allowed");
        Assert.Equal("active", (await group.MemberOf(former))["status"].GetString());
        (await group.Owner.Api.Post(leave, new { revokeApiClients = "yes" })).Should(400);
        (await ends.Api.Post(leave, new { revokeApiClients = true })).Should(204);
        (await keeps.Api.Post(leave)).Should(204);

        (await ended.Get($"{group.Path}/members")).Should(401, "auth.not_signed_in");
        (await kept.Get($"{group.Path}/members")).Should(200);
        (await left.Get($"{group.Path}/members")).Should(200);
        var audited = (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.client_revoked")).Should(200).Items;
        Assert.Equal(ends.Id, Assert.Single(audited).GetProperty("actorId").GetGuid());
    }

    [Fact]
    public async Task Owners_list_the_clients_and_nobody_reads_a_secret_again()
    {
        var group = await NewGroup();
        var first = await Makes(group, "First", "reception");
        var second = await Makes(group, "Second", "full");
        var token = (await second.AsksForToken())["access_token"].GetString()!;

        var listed = (await group.Owner.Api.Get($"{group.Path}/clients?limit=1")).Should(200);
        Assert.Equal(second.Id, listed.Items.Single().GetProperty("clientId").GetGuid());
        Assert.NotEqual(JsonValueKind.Null, listed.Items.Single().GetProperty("lastTokenAt").ValueKind);
        var rest = (
            await group.Owner.Api.Get($"{group.Path}/clients?limit=1&after={listed["next"].GetString()}")
        ).Should(200);
        Assert.Equal(first.Id, rest.Items.Single().GetProperty("clientId").GetGuid());
        Assert.DoesNotContain(second.Secret, listed.Text, StringComparison.Ordinal);
        var manager = await group.AddsNewPerson("manager", "administrator");
        (await manager.Api.Get($"{group.Path}/clients")).Should(403, "auth.not_allowed");

        foreach (
            var table in new[] { "authority.clients", "authority.sessions", "groups.api_clients", "audit.entries" }
        )
        {
            Assert.Equal(
                0L,
                await App(group)
                    .Owner.Scalar<long>(
                        $"select count(*) from {table} t where t::text like '%' || $1 || '%' or t::text like '%' || $2 || '%'",
                        second.Secret,
                        token
                    )
            );
        }
    }

    [Fact]
    public async Task A_practices_rules_for_the_sessions_of_people_do_not_bind_its_clients()
    {
        var group = await NewGroup();
        var api = await (await Makes(group, "Night run", "manager")).SignsIn();
        await App(group).Owner.Execute("select authority.write_group($1, true)", group.Id);
        await App(group).Owner.Execute("select authority.write_idle_limit($1, 5)", group.Id);
        await App(group)
            .Owner.Execute(
                "update authority.sessions set verified_at = now() - interval '50 minutes' where client and user_id in "
                    + "(select client_id from authority.clients where group_id = $1)",
                group.Id
            );

        (await api.Get($"{group.Path}/members")).Should(200);
    }

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup("The clinic");

    private static TestApp App(Group group) => (TestApp)group.Host;

    private static async Task<Made> Makes(
        Group group,
        string name,
        string accessLevel,
        Dictionary<string, bool>? settings = null,
        DateTimeOffset? expiresAt = null
    )
    {
        var made = (
            await group.Owner.Api.Post(
                $"{group.Path}/clients",
                new
                {
                    name,
                    accessLevel,
                    settings,
                    expiresAt,
                }
            )
        ).Should(201);
        return new Made(group, made["clientId"].GetGuid(), made["clientSecret"].GetString()!);
    }

    private static Task<Answer> Form(ApiClient api, string body) =>
        api.Post(TokenPath, new StringContent(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded")));

    /// <summary>A new owner beside the first.</summary>
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

    private sealed record Made(Group Group, Guid Id, string Secret)
    {
        public string Path => $"{Group.Path}/clients/{Id}";

        public string Basic =>
            $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Id}:{Secret}")))}";

        /// <summary>By <c>client_secret_post</c>.</summary>
        public Task<Answer> AsksForToken(ApiClient? from = null) =>
            Form(
                from ?? Group.Host.Api,
                $"grant_type=client_credentials&client_id={Id}&client_secret={Uri.EscapeDataString(Secret)}"
            );

        /// <summary>By <c>client_secret_basic</c>.</summary>
        public async Task<ApiClient> SignsIn()
        {
            var issued = await Form(Group.Host.Api.WithHeader("Authorization", Basic), "grant_type=client_credentials");
            Assert.True(issued.Status == 200, issued.ToString());
            Assert.Equal("Bearer", issued["token_type"].GetString());
            return Group.Host.Api.WithToken(issued["access_token"].GetString());
        }
    }
}
