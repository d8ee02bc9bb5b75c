using System.Text.Json;

namespace Practice.Users.Tests;

/// <summary>A group that requires a sign-in with an identity provider.</summary>
[Collection(ProviderHost.Collection)]
public sealed class RequiredProviderTests(ProviderHost host)
{
    private const string Required = "groups.provider_required";

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task It_opens_only_for_sessions_that_began_with_it()
    {
        var clinic = await NewClinic();
        var elsewhere = await clinic.Owner.CreatesGroup("Another clinic");
        await clinic.Requires("contoso");

        (await clinic.Owner.Api.Get(clinic.Path)).Should(403, Required);
        (await clinic.Owner.Api.Get($"{clinic.Path}/members?limit=nonsense")).Should(403, Required);
        (await clinic.Owner.Api.Post($"{clinic.Path}/locations", new { })).Should(403, Required);
        var fhir = await clinic.Owner.Api.Get($"/fhir/groups/{clinic.Id}/Patient");
        Assert.Equal((403, "OperationOutcome"), (fhir.Status, fhir["resourceType"].GetString()));
        Assert.Contains(Required, fhir.Text, StringComparison.Ordinal);
        (await clinic.Session.Get(clinic.Path)).Should(200);
        (await host.SessionOf((await host.SignsIn(clinic.Who)).Should(200)).Get(clinic.Path)).Should(200);
        await host.Linked(clinic.Owner, clinic.Who, host.Fabrikam, "fabrikam");
        var (attempt, state, code) = await host.Begins(clinic.Who, host.Fabrikam, "fabrikam");
        var fabrikam = host.SessionOf((await host.Completes(attempt, state, code, "fabrikam")).Should(200));
        (await fabrikam.Get(clinic.Path)).Should(403, Required);

        // What is not this group's is as it was.
        (await clinic.Owner.Api.Get(elsewhere.Path)).Should(200);
        (await clinic.Owner.Api.Get("/api/groups")).Should(200);
        (await clinic.Owner.Api.Post("/api/portal/accounts", new { dateOfBirth = "1980-01-01" })).Should(201);
        var stranger = await _app.SignUpAndConfirm();
        (await stranger.Api.Get(clinic.Path)).Should(404);
        (await stranger.Api.Get(clinic.Rule)).Should(404);
    }

    [Fact]
    public async Task A_refresh_keeps_what_the_session_began_with()
    {
        var clinic = await NewClinic();
        await clinic.Requires("contoso");
        var refresh = (await host.SignsIn(clinic.Who)).Should(200)["session"].GetProperty("refreshToken").GetString();
        await _app.Owner.Execute("delete from authority.sessions where user_id = $1", clinic.Owner.Id);

        (await _app.As((await _app.Refresh(refresh)).Should(200)).Get(clinic.Path)).Should(200);
    }

    [Fact]
    public async Task An_owner_who_signed_in_another_way_cannot_require_it()
    {
        var clinic = await NewClinic();

        (await clinic.Owner.Api.Change(clinic.Rule, Rule("contoso"))).Should(409, "groups.not_signed_in_with_provider");
        (await clinic.Session.Change(clinic.Rule, Rule("fabrikam"))).Should(409, "groups.not_signed_in_with_provider");

        (await clinic.Owner.Api.Get(clinic.Path)).Should(200);
        Assert.Equal(JsonValueKind.Null, (await clinic.Session.Get(clinic.Rule)).Should(200)["provider"].ValueKind);
        Assert.Empty(await clinic.Changes());
    }

    [Fact]
    public async Task Only_owners_who_have_just_proved_who_they_are_change_it()
    {
        var clinic = await NewClinic();
        var unproven = host.SessionOf((await host.SignsIn(clinic.Who)).Should(200));
        var member = await clinic.Group.AddsNewPerson("full");

        (await unproven.Change(clinic.Rule, Rule("contoso"))).Should(403, "auth.verification_required");
        (await member.Api.Change(clinic.Rule, Rule(null))).Should(403, "auth.not_allowed");
        (await member.Api.Get(clinic.Rule)).Should(200);
        (await clinic.Session.Put(clinic.Rule, Rule("contoso"))).Should(428);
        (await clinic.Session.Put(clinic.Rule, Rule("contoso"), "\"stale\"")).Should(412);
        (await clinic.Session.Change(clinic.Rule, Rule("unheard-of"))).Should(422, "groups.unknown_provider");
        (await clinic.Session.Change(clinic.Rule, Rule(new string('x', 41)))).ShouldReject("provider");
        (await _app.Api.Get(clinic.Rule)).Should(401);
    }

    [Fact]
    public async Task While_the_provider_is_offered_no_password_changes_it()
    {
        var clinic = await NewClinic();
        await clinic.Requires("CONTOSO"); // as people write it
        var rule = (await clinic.Owner.Api.Get(clinic.Rule)).Should(200);
        Assert.Equal(("contoso", true), (rule["provider"].GetString(), rule["offered"].GetBoolean()));

        (await clinic.Owner.Api.Put(clinic.Rule, Rule(null), rule.ETag)).Should(403, Required);
        (await clinic.Owner.Api.Put(clinic.Rule, Rule("contoso"), rule.ETag)).Should(403, Required);
        (await clinic.Session.Put(clinic.Rule, Rule("contoso"), rule.ETag)).Should(204); // as it is
        await clinic.Requires(null);

        (await clinic.Owner.Api.Get(clinic.Path)).Should(200);
        Assert.Equal(["contoso → ", " → contoso"], await clinic.Changes());
    }

    [Fact]
    public async Task Once_the_operator_has_taken_the_provider_away_an_owner_allows_any_sign_in()
    {
        var clinic = await NewClinic();
        await clinic.Requires("contoso");
        var member = await _app.SignUpAndConfirm();
        await clinic.GoesAway();

        (await clinic.Session.Get(clinic.Path)).Should(403, Required);
        (await clinic.Owner.Api.Get(clinic.Path)).Should(403, Required);
        var rule = (await clinic.Owner.Api.Get(clinic.Rule)).Should(200);
        Assert.Equal(("contoso", false), (rule["provider"].GetString(), rule["offered"].GetBoolean()));
        (await member.Api.Put(clinic.Rule, Rule(null), rule.ETag)).Should(404);
        await _app.VerificationEnds(clinic.Owner.Id);
        (await clinic.Owner.Api.Put(clinic.Rule, Rule(null), rule.ETag)).Should(403, "auth.verification_required");
        (await (await clinic.Owner.SignsInAgain()).Api.Put(clinic.Rule, Rule(null), rule.ETag)).Should(204);

        (await clinic.Owner.Api.Get(clinic.Path)).Should(200);
    }

    [Fact]
    public async Task A_provider_that_has_another_name_now_is_the_same()
    {
        var clinic = await NewClinic();
        await clinic.Requires("contoso");
        await _app.Owner.Execute("update groups.groups set required_provider = 'former' where id = $1", clinic.Id);

        Assert.Equal("contoso", (await clinic.Session.Get(clinic.Rule)).Should(200)["provider"].GetString());
        (await clinic.Session.Get(clinic.Path)).Should(200);
    }

    [Fact]
    public async Task Other_rules_of_the_group_hold_too()
    {
        var clinic = await NewClinic();
        await clinic.Requires("contoso");
        await _app.Owner.Execute("select authority.write_group($1, true)", clinic.Id);

        (await clinic.Session.Get(clinic.Path)).Should(403, "groups.two_factor_required");
        (await clinic.Session.Get(clinic.Rule)).Should(403, "groups.two_factor_required");
    }

    [Fact]
    public async Task API_clients_and_calendar_feeds_are_no_sign_ins_and_go_on()
    {
        var clinic = await NewClinic();
        var made = (
            await clinic.Owner.Api.Post($"{clinic.Path}/clients", new { name = "Shop", accessLevel = "full" })
        ).Should(201);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = made["clientId"].GetString()!,
            ["client_secret"] = made["clientSecret"].GetString()!,
        };
        var token = (await _app.Api.Post("/connect/token", new FormUrlEncodedContent(form))).Should(200);
        var client = _app.Api.WithToken(token["access_token"].GetString());
        var feed = (await clinic.Owner.Api.Post($"{clinic.Path}/members/me/calendar-feed")).Should(200);
        var url = new Uri(feed["url"].GetString()!).PathAndQuery;

        await clinic.Requires("contoso");

        (await client.Get($"{clinic.Path}/members")).Should(200);
        (await _app.Api.Get(url)).Should(200);
        (await clinic.Owner.Api.Get($"{clinic.Path}/members/me/calendar-feed")).Should(403, Required);
    }

    [Fact]
    public async Task Who_disconnects_the_provider_has_not_signed_in_with_it_any_more()
    {
        var clinic = await NewClinic();
        await clinic.Requires("contoso");
        var link = (await clinic.Session.Get("/api/users/me/providers")).Should(200).Items.Single();
        (await clinic.Session.Get(clinic.Path)).Should(200);

        (await clinic.Session.Delete($"/api/users/me/providers/{link.GetProperty("id").GetGuid()}")).Should(204);

        (await clinic.Session.Get(clinic.Path)).Should(403, Required);
    }

    [Fact]
    public async Task Only_the_connection_that_signed_in_takes_it_back_when_it_is_disconnected()
    {
        var clinic = await NewClinic();
        var other = new IssuedIdentity(Guid.NewGuid().ToString("n"), clinic.Owner.Email);
        var session = host.SessionOf(await host.Linked(clinic.Owner, other));
        await clinic.Requires("contoso");
        var links = (await session.Get("/api/users/me/providers")).Should(200).Items;
        Assert.Equal(2, links.Count); // the newest comes first

        (await session.Delete($"/api/users/me/providers/{links[1].GetProperty("id").GetGuid()}")).Should(204);
        (await session.Get(clinic.Path)).Should(200);
        (await session.Delete($"/api/users/me/providers/{links[0].GetProperty("id").GetGuid()}")).Should(204);
        (await session.Get(clinic.Path)).Should(403, Required);
    }

    [Fact]
    public async Task It_waits_until_all_other_owners_have_connected_it()
    {
        var clinic = await NewClinic();
        var second = await clinic.HasOwner();
        await clinic.Group.AddsNewPerson(); // does not hold it up
        (await clinic.Session.Change(clinic.Rule, Rule("contoso"))).Should(409, "groups.owners_not_connected");
        (await second.Api.Get(clinic.Path)).Should(200);
        Assert.Empty(await clinic.Changes());
        await host.Linked(second, NewIdentity(second), host.Fabrikam, "fabrikam"); // another one is none
        (await clinic.Session.Change(clinic.Rule, Rule("contoso"))).Should(409, "groups.owners_not_connected");

        await host.Linked(second, NewIdentity(second));

        await clinic.Requires("contoso");
        (await second.Api.Get(clinic.Path)).Should(403, Required);
    }

    [Fact]
    public async Task A_preview_counts_who_has_not_connected_it_and_names_the_owners()
    {
        var clinic = await NewClinic();
        var second = await clinic.HasOwner();
        var member = await clinic.Group.AddsNewPerson("full");
        var preview = $"{clinic.Rule}/providers";

        var before = (await clinic.Session.Get($"{preview}/CONTOSO")).Should(200);
        Assert.Equal((3, 2), (before["members"].GetInt32(), before["notConnected"].GetInt32()));
        var owner = before["owners"].EnumerateArray().Single();
        Assert.Equal(second.Id, owner.GetProperty("userId").GetGuid());
        Assert.Equal(second.LastName, owner.GetProperty("lastName").GetString());
        await host.Linked(second, NewIdentity(second));
        var after = (await clinic.Session.Get($"{preview}/contoso")).Should(200);
        Assert.Equal((3, 1), (after["members"].GetInt32(), after["notConnected"].GetInt32()));
        Assert.Empty(after["owners"].EnumerateArray());
        (await clinic.Session.Get($"{preview}/unheard-of")).Should(422, "groups.unknown_provider");
        (await member.Api.Get($"{preview}/contoso")).Should(403, "auth.not_allowed");
    }

    /// <summary>Who disconnects may be getting rid of somebody else's identity: that is never refused.</summary>
    [Fact]
    public async Task The_last_owner_whom_the_rule_lets_in_stays()
    {
        var clinic = await NewClinic();
        var second = await clinic.HasOwner();
        var who = NewIdentity(second);
        var session = host.SessionOf(await host.Linked(second, who));
        await clinic.Requires("contoso");
        var link = (await session.Get("/api/users/me/providers")).Should(200).Items.Single();
        (await session.Delete($"/api/users/me/providers/{link.GetProperty("id").GetGuid()}")).Should(204);

        (await clinic.Session.Post($"{clinic.Path}/members/me/leave")).Should(409, "groups.last_owner");
        await host.Linked(second, who);
        (await clinic.Session.Post($"{clinic.Path}/members/me/leave")).Should(204);
    }

    [Fact]
    public async Task Members_are_told_how_to_sign_in_from_now_on()
    {
        var clinic = await NewClinic();
        var (connected, other) = (await clinic.Group.WelcomesNewPerson(), await clinic.Group.WelcomesNewPerson());
        var unconfirmed = await clinic.Group.AddsNewPerson();
        await host.Linked(connected, NewIdentity(connected));

        await clinic.Requires("contoso");

        const string Subject = "The clinic requires a sign-in with contoso";
        var mail = await _app.Mail.WaitFor(other.Email, Subject);
        Assert.Contains("Connect contoso with your account under Security", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://practice.test/security", mail.Text, StringComparison.Ordinal);
        mail = await _app.Mail.WaitFor(connected.Email, Subject);
        Assert.Contains("You have connected it already", mail.Text, StringComparison.Ordinal);
        Assert.Contains("connect contoso under Security", await Told(other, Subject), StringComparison.Ordinal);
        Assert.Contains("You have connected contoso", await Told(connected, Subject), StringComparison.Ordinal);
        await Told(clinic.Owner, Subject);
        await Told(unconfirmed, Subject);

        await clinic.Requires(null);
        foreach (var person in (Person[])[other, connected, unconfirmed, clinic.Owner])
            await Told(person, "The clinic takes any sign-in again");
        await clinic.Requires("contoso");
        await Eventually.Is(() => Task.FromResult(MailsTo(other) == 2));
        Assert.Equal(0, MailsTo(unconfirmed));

        int MailsTo(Person person) =>
            _app.Mail.To(person.Email).Count(sent => sent.Subject.Contains("sign-in", StringComparison.Ordinal));
    }

    private static IssuedIdentity NewIdentity(Person person) => new(Guid.NewGuid().ToString("n"), person.Email);

    /// <summary>The text of the person's notification with this title, as soon as there is one.</summary>
    private static async Task<string> Told(Person person, string title)
    {
        return await Eventually.Get(async () =>
            (
                from shown in (await person.Api.Get("/api/users/me/notifications")).Should(200).Items
                where shown.GetProperty("title").GetString() == title
                where shown.GetProperty("kind").GetString() == "signInRule"
                select shown.GetProperty("body").GetString()
            ).FirstOrDefault()
        );
    }

    private static object Rule(string? provider) => new { provider };

    /// <summary>A group whose owner has signed in with contoso, and by password.</summary>
    private async Task<Clinic> NewClinic()
    {
        var owner = await _app.SignUpAndConfirm();
        var group = await owner.CreatesGroup("The clinic");
        var who = new IssuedIdentity(Guid.NewGuid().ToString("n"), owner.Email);
        return new(_app, group, who, host.SessionOf(await host.Linked(owner, who)));
    }

    /// <param name="Session">The owner's session that began with contoso, and with the password.</param>
    private sealed record Clinic(TestApp App, Group Group, IssuedIdentity Who, ApiClient Session)
    {
        public Guid Id => Group.Id;
        public string Path => Group.Path;
        public string Rule => $"{Path}/sign-in";
        public Person Owner => Group.Owner;

        /// <summary>Another owner, who has connected nothing.</summary>
        public async Task<Person> HasOwner()
        {
            var person = await Group.WelcomesNewPerson();
            var access = $"{Path}/members/{person.Id}/access";
            (await Owner.Api.Put(access, new { accessLevel = "full", owner = true }, "*")).Should(204);
            return person;
        }

        public async Task Requires(string? provider) =>
            (await Session.Change(Rule, RequiredProviderTests.Rule(provider))).Should(204);

        /// <summary>As if the operator had taken the provider out of the settings.</summary>
        public async Task GoesAway()
        {
            await App.Owner.Execute("update groups.groups set required_issuer = 'https://gone.test' where id = $1", Id);
            await App.Owner.Execute("select authority.write_sign_in_rule($1, 'https://gone.test')", Id);
        }

        /// <summary>What the audit says of the rule, newest first.</summary>
        public async Task<IEnumerable<string>> Changes() =>
            from entry in (await Session.Get($"{Path}/audit?act=groups.changed")).Should(200).Items
            from change in entry.GetProperty("changes").EnumerateArray()
            where change.GetProperty("what").GetString() == "requiredProvider"
            select $"{change.GetProperty("from").GetString()} → {change.GetProperty("to").GetString()}";
    }
}
