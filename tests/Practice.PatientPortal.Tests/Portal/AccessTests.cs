using System.Globalization;
using System.Text.Json;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>Requesting access to another person's account, deciding on it, and withdrawing it.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task A_request_is_pending_until_the_holder_grants_access()
    {
        var (holder, other) = await Two();
        await other.Asks(holder.Email, "edit");
        var seen = await holder.Sees(other.Email);
        Assert.Equal(("pending", "edit", "administrative"), (seen["status"], seen["role"], seen["level"]));
        Assert.Equal($"{other.Person.FirstName} {other.Person.LastName}", seen["name"]);
        (await other.Api.Get(holder.Path)).Should(404);

        (await holder.Decides(seen.Id, "current", "view", "clinical")).Should(204);
        var opened = (await other.Api.Get(holder.Path)).Should(200);
        Assert.Equal(
            ("granted", "view", "clinical"),
            (opened["relation"].GetString(), opened["role"].GetString(), opened["level"].GetString())
        );
        Assert.Equal("granted view clinical", (await other.Person.Accounts())[holder.AccountId]);
        Assert.Equal("self edit clinical", (await other.Person.Accounts())[other.AccountId]);
    }

    [Fact]
    public async Task Revoked_access_ends_with_the_next_request_and_can_be_given_again()
    {
        var (holder, other) = await Two();
        var grant = await holder.GivesAccess(other);
        (await holder.Decides(grant, "disabled")).Should(204);
        (await other.Api.Get(holder.Path)).Should(403, "portal.grant_not_current");
        Assert.DoesNotContain(holder.AccountId, (await other.Person.Accounts()).Keys);
        Assert.Equal("disabled", (await other.Asked()).Single().GetProperty("status").GetString());

        (await holder.Decides(grant, "current")).Should(204);
        (await other.Api.Get(holder.Path)).Should(200);
    }

    [Fact]
    public async Task The_requester_learns_nothing_before_the_first_approval()
    {
        var app = await TestApp.StartedAsync();
        var (holder, denying) = (await app.NewHolder(), await app.NewHolder());
        var other = await app.NewHolder();
        var withoutAccount = await app.SignUpAndConfirm();
        var unknown = People.NewEmail();
        foreach (var email in new[] { holder.Email, denying.Email, withoutAccount.Email, unknown })
            await other.Asks(email);
        await holder.Sees(other.Email);
        (await denying.Decides((await denying.Sees(other.Email)).Id, "disabled")).Should(204);

        var asked = await other.Asked();
        Assert.Equal(4, asked.Count);
        Assert.Single(asked.Select(Shape).Distinct());
        Assert.Equal(
            [unknown, withoutAccount.Email, denying.Email, holder.Email],
            asked.Select(item => item.GetProperty("email").GetString())
        );
        foreach (var account in new[] { holder, denying })
            (await other.Api.Get(account.Path)).Should(404);

        static string Shape(JsonElement item) =>
            string.Join(
                ' ',
                item.EnumerateObject()
                    .Where(property => property.Name is not ("grantId" or "email" or "requestedAt"))
                    .Select(property => $"{property.Name}={property.Value.GetRawText()}")
            );
    }

    [Fact]
    public async Task A_request_takes_the_same_time_whether_or_not_there_is_an_account()
    {
        const double tolerance = 2.5;
        var app = await TestApp.StartedAsync();
        var other = await app.NewHolder();
        await other.Asks((await app.NewHolder()).Email); // the first call is slower

        // The shortest: whatever else the machine does makes calls only longer, sometimes many of them.
        var (known, unknown) = (double.MaxValue, double.MaxValue);
        for (var calls = 1; calls < 9 || known > unknown * tolerance || unknown > known * tolerance; calls++)
        {
            Assert.True(calls < 30, $"{known:0.0} ms with an account, {unknown:0.0} ms without");
            if (calls % 9 == 0)
                other = await app.NewHolder(); // a person has a limit a day
            known = Math.Min(known, await Time((await app.NewHolder()).Email));
            unknown = Math.Min(unknown, await Time(People.NewEmail()));
        }

        async Task<double> Time(string email)
        {
            var taken = System.Diagnostics.Stopwatch.StartNew();
            await other.Asks(email);
            return taken.Elapsed.TotalMilliseconds;
        }
    }

    [Fact]
    public async Task After_a_denial_a_new_request_has_no_effect_for_thirty_days_and_notifies_no_one()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        (await holder.Decides((await holder.Sees(other.Email)).Id, "disabled")).Should(204);
        (
            await other.Api.Delete(
                $"/api/portal/access/{(await other.Asked()).Single().GetProperty("grantId").GetGuid()}"
            )
        ).Should(204);

        await app.PassesAsync(TimeSpan.FromDays(1));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        await other.Asks(holder.Email);
        await app.SettlesAsync();
        Assert.Empty(await holder.Api.GetAll($"{holder.Path}/access"));
        Assert.Equal("pending", (await other.Asked()).Single().GetProperty("status").GetString());

        await app.PassesAsync(TimeSpan.FromDays(31));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        Assert.Empty(await other.Asked());
        await other.Asks(holder.Email);
        Assert.Equal("pending", (await holder.Sees(other.Email))["status"]);
    }

    /// <summary>
    /// Until then the request is pending, as the requester sees it: it waits, and nobody need ask again.
    /// </summary>
    [Fact]
    public async Task A_request_after_a_revocation_reaches_the_holder_thirty_days_after_it()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        var revoked = await holder.GivesAccess(other);
        (await holder.Decides(revoked, "disabled")).Should(204);
        await app.SettlesAsync();
        var mails = Mails();
        Assert.Equal(0, await Unread());

        await app.PassesAsync(TimeSpan.FromDays(10));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        await other.Asks(holder.Email);
        await app.PassesAsync(TimeSpan.FromDays(19));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        await other.Asks(holder.Email); // again, for nothing
        await app.SettlesAsync();
        Assert.Equal((0, mails), (await Unread(), Mails()));
        Assert.Equal(
            ["pending", "disabled"],
            (await other.Asked()).Select(item => item.GetProperty("status").GetString())
        );
        Assert.Equal("disabled", (await holder.Sees(other.Email))["status"]);

        await app.PassesAsync(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        await Eventually.Is(async () => await Unread() == 1);
        Assert.Equal(mails + 1, Mails());
        Assert.Equal("pending", Assert.Single(await other.Asked()).GetProperty("status").GetString());
        var seen = await holder.Sees(other.Email);
        Assert.Equal("pending", seen["status"]);

        (await holder.Decides(seen.Id, "current")).Should(204);
        (await other.Api.Get(holder.Path)).Should(200);
        await Eventually.Is(async () => await Unread() == 0);

        int Mails() =>
            app
                .Mail.To(holder.Email)
                .Count(mail => mail.Subject.Contains(other.Person.LastName, StringComparison.Ordinal));

        async Task<int> Unread() =>
            (await holder.Api.GetAll("/api/users/me/notifications?unread=true")).Count(item =>
                item.GetProperty("kind").GetString() == "portalRequest"
            );
    }

    [Theory]
    [InlineData("decided")]
    [InlineData("given")]
    [InlineData("withdrawn")]
    public async Task A_request_for_access_that_was_answered_is_no_longer_unread(string how)
    {
        var (holder, other) = await Two();
        await other.Asks(holder.Email);
        var grant = (await holder.Sees(other.Email)).Id;
        await Eventually.Is(async () => await Unread() == 1);

        if (how == "withdrawn")
            (await other.Api.Delete($"/api/portal/access/{grant}")).Should(204);
        else if (how == "decided")
            (await holder.Decides(grant, "disabled")).Should(204);
        else
            (
                await holder.Api.Post(
                    $"{holder.Path}/access",
                    new
                    {
                        email = other.Email,
                        role = "view",
                        level = "administrative",
                    }
                )
            ).Should(202);

        await Eventually.Is(async () => await Unread() == 0);

        async Task<int> Unread() =>
            (await holder.Api.Get("/api/users/me/notifications/unread-count"))["count"].GetInt32();
    }

    [Fact]
    public async Task Access_that_was_given_unasked_and_given_up_leaves_no_request()
    {
        var (holder, other) = await Two();
        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = other.Email,
                    role = "view",
                    level = "administrative",
                }
            )
        ).Should(202);
        var grant = (await holder.Sees(other.Email)).Id;
        var app = await TestApp.StartedAsync();
        await app.SettlesAsync();
        (await other.Api.Delete($"/api/portal/access/{grant}")).Should(204);
        await app.SettlesAsync();
        Assert.DoesNotContain(await holder.Api.GetAll("/api/users/me/notifications"), item =>
            item.GetProperty("kind").GetString() == "portalRequest"
        );
    }

    [Fact]
    public async Task A_denied_request_looks_pending_until_it_expires_like_any_other()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        await other.Asks("nobody@practice.test");
        (await holder.Decides((await holder.Sees(other.Email)).Id, "disabled")).Should(204);
        await app.PassesAsync(TimeSpan.FromDays(29));
        other = await other.SignsInAgain();
        Assert.Equal(
            ["pending", "pending"],
            (await other.Asked()).Select(item => item.GetProperty("status").GetString())
        );
        await app.PassesAsync(TimeSpan.FromDays(2));
        other = await other.SignsInAgain();
        Assert.Empty(await other.Asked());
    }

    [Fact]
    public async Task An_undecided_request_expires_after_thirty_days()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await other.Asks(holder.Email);
        var grant = (await holder.Sees(other.Email)).Id;
        await app.PassesAsync(TimeSpan.FromDays(30));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        Assert.Empty(await holder.Api.GetAll($"{holder.Path}/access"));
        (
            await holder.Api.Put(
                $"{holder.Path}/access/{grant}",
                new
                {
                    status = "current",
                    role = "view",
                    level = "clinical",
                },
                "*"
            )
        ).Should(404);
        await other.Asks(holder.Email);
        Assert.NotEqual(grant, (await holder.Sees(other.Email)).Id);
    }

    [Fact]
    public async Task Repeating_a_pending_request_changes_nothing()
    {
        var (holder, other) = await Two();
        await other.Asks(holder.Email, "view");
        var grant = (await holder.Sees(other.Email)).Id;
        await other.Asks($"  {holder.Email.ToUpperInvariant()} ", "edit");
        var again = await holder.Sees(other.Email);
        Assert.Equal((grant, "view"), (again.Id, again["role"]));
        Assert.Single(await other.Asked());
        Assert.Single(await holder.Api.GetAll($"{holder.Path}/access"));
    }

    [Fact]
    public async Task Two_people_have_one_open_grant_even_after_requests_at_once()
    {
        var app = await TestApp.StartedAsync();
        var (holder, other) = await Two();
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => other.Asks(holder.Email)).Append(Granting()));
            await Eventually.Is(async () =>
                await app.Owner.Scalar<long>(
                    "select count(*) from portal.grants where user_id = $1 and account_id is null",
                    other.Person.Id
                ) == 0
                && await app.Owner.Scalar<long>(
                    "select count(*) from portal.grants where account_id = $1 and user_id is null",
                    holder.AccountId
                ) == 0
            );
            var open = Assert.Single(await holder.Api.GetAll($"{holder.Path}/access"));
            (await other.Api.Delete($"/api/portal/access/{open.GetProperty("grantId").GetGuid()}")).Should(204);
        }

        async Task Granting() =>
            (
                await holder.Api.Post(
                    $"{holder.Path}/access",
                    new
                    {
                        email = other.Email,
                        role = "view",
                        level = "clinical",
                    }
                )
            ).Should(202);
    }

    [Theory]
    [InlineData("pending", "current", 204)]
    [InlineData("pending", "disabled", 204)]
    [InlineData("pending", "pending", 409)]
    [InlineData("current", "disabled", 204)]
    [InlineData("current", "pending", 409)]
    [InlineData("current", "current", 204)]
    [InlineData("disabled", "current", 204)]
    [InlineData("disabled", "pending", 409)]
    [InlineData("current", "withdrawn", 409)]
    public async Task The_holder_changes_a_grants_status_only_by_allowed_transitions(string from, string to, int status)
    {
        var (holder, other) = await Two();
        await other.Asks(holder.Email);
        var grant = (await holder.Sees(other.Email)).Id;
        if (from != "pending")
            (await holder.Decides(grant, "current")).Should(204);
        if (from == "disabled")
            (await holder.Decides(grant, "disabled")).Should(204);

        (await holder.Decides(grant, to)).Should(status, status == 409 ? "portal.invalid_transition" : null);
        Assert.Equal(status == 204 ? to : from, (await holder.Sees(other.Email))["status"]);
    }

    [Fact]
    public async Task A_withdrawn_grant_stays_withdrawn_and_access_takes_a_new_request()
    {
        var (holder, other) = await Two();
        var grant = await holder.GivesAccess(other);
        (await other.Api.Delete($"/api/portal/access/{grant}")).Should(204);
        (await other.Api.Get(holder.Path)).Should(403, "portal.grant_not_current");
        (await other.Api.Delete($"/api/portal/access/{grant}")).Should(404);
        (
            await holder.Api.Put(
                $"{holder.Path}/access/{grant}",
                new
                {
                    status = "current",
                    role = "view",
                    level = "clinical",
                },
                "*"
            )
        ).Should(404);
        Assert.Empty(await other.Asked());

        await other.Asks(holder.Email);
        var again = await holder.Sees(other.Email);
        Assert.NotEqual(grant, again.Id);
        Assert.Equal("pending", again["status"]);
    }

    [Fact]
    public async Task Only_the_holder_decides_and_edit_access_never_covers_grants()
    {
        var app = await TestApp.StartedAsync();
        var (holder, other) = await Two();
        var third = await app.NewHolder();
        var grant = await holder.GivesAccess(other, "edit", "clinical");
        var decision = new
        {
            status = "current",
            role = "edit",
            level = "clinical",
        };
        foreach (var path in new[] { "/access", $"/access/{grant}", "/access-log", "/guardians" })
        {
            (await other.Api.Get(holder.Path + path)).Should(403, "portal.not_the_holder");
            (await third.Api.Get(holder.Path + path)).Should(404);
        }

        (await other.Api.Put($"{holder.Path}/access/{grant}", decision, "*")).Should(403, "portal.not_the_holder");
        (
            await other.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = third.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(403, "portal.not_the_holder");
        (await other.Api.Post($"{holder.Path}/guardians", new { email = third.Email, relationship = "other" })).Should(
            403,
            "portal.not_the_holder"
        );
        (await third.Api.Put($"{holder.Path}/access/{grant}", decision, "*")).Should(404);
        (await other.Api.Put($"{other.Path}/access/{grant}", decision, "*")).Should(404);
        (await third.Api.Delete($"/api/portal/access/{grant}")).Should(404);
    }

    [Fact]
    public async Task Grants_are_not_transitive()
    {
        var app = await TestApp.StartedAsync();
        var (holder, other) = await Two();
        var third = await app.NewHolder();
        await holder.GivesAccess(other, "edit", "clinical");
        await other.GivesAccess(third, "edit", "clinical");
        (await third.Api.Get(other.Path)).Should(200);
        (await third.Api.Get(holder.Path)).Should(404);
    }

    [Fact]
    public async Task A_last_day_is_included_and_ends_at_midnight_in_the_accounts_own_time_zone()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        (
            await holder.Api.Change($"{holder.Path}/details".Replace("/details", "", StringComparison.Ordinal), new { })
        ).Should(405);
        var profile = (await holder.Api.Get(holder.Path)).Should(200);
        (await holder.Api.Put($"{holder.Path}/details", new { timeZone = "Pacific/Auckland" }, profile.ETag)).Should(
            204
        );
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland");
        var today = TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), zone);
        var lastDay = DateOnly.FromDateTime(today.DateTime).AddDays(1);
        var midnight = new DateTimeOffset(
            lastDay.AddDays(1).ToDateTime(TimeOnly.MinValue),
            zone.GetUtcOffset(lastDay.AddDays(1).ToDateTime(TimeOnly.MinValue))
        );

        await holder.GivesAccess(
            other,
            endsOn: lastDay.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
        );
        await app.PassesAsync(midnight - app.Clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        other = await other.SignsInAgain();
        (await other.Api.Get(holder.Path)).Should(200);
        await app.PassesAsync(TimeSpan.FromMinutes(4));
        (await other.Api.Get(holder.Path)).Should(403, "portal.grant_not_current");
        Assert.DoesNotContain(holder.AccountId, (await other.Person.Accounts()).Keys);
        Assert.Equal("disabled", (await other.Asked()).Single().GetProperty("status").GetString());
        holder = await holder.SignsInAgain();
        Assert.Equal("disabled", (await holder.Sees(other.Email))["status"]);
        (await holder.Decides((await holder.Sees(other.Email)).Id, "current", endsOn: "2020-01-01")).Should(
            422,
            "portal.ends_in_past"
        );
    }

    [Theory]
    [InlineData("Africa/Cairo")] // clocks skip midnight: the day begins at one
    [InlineData("America/Havana")] // clocks go back from one to midnight: the day begins at the first midnight
    public async Task A_last_day_ends_when_the_next_day_begins_even_if_midnight_is_missing_or_comes_twice(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Portal:TimeZone"] = name } }
        );
        var next = Enumerable
            .Range(2, 800)
            .Select(days =>
                DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(days).ToDateTime(TimeOnly.MinValue)
            )
            .First(midnight => zone.IsInvalidTime(midnight) || zone.IsAmbiguousTime(midnight));
        var begins = new DateTimeOffset(
            next,
            zone.GetUtcOffset(new DateTimeOffset(next, zone.BaseUtcOffset).AddHours(-6))
        ); // by the clock of the previous evening
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        await holder.GivesAccess(
            other,
            endsOn: DateOnly
                .FromDateTime(next)
                .AddDays(-1)
                .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
        );
        await app.PassesAsync(begins - app.Clock.GetUtcNow() - TimeSpan.FromMinutes(2));
        other = await other.SignsInAgain();
        (await other.Api.Get(holder.Path)).Should(200);
        await app.PassesAsync(TimeSpan.FromMinutes(4));
        (await other.Api.Get(holder.Path)).Should(403, "portal.grant_not_current");
    }

    [Fact]
    public async Task The_holder_gives_access_unasked()
    {
        var (holder, other) = await Two();
        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = other.Email.ToUpperInvariant(),
                    role = "edit",
                    level = "clinical",
                }
            )
        ).Should(202);
        await Eventually.Is(async () => (await other.Api.Get(holder.Path)).Status == 200);
        var seen = Assert.Single(await holder.Api.GetAll($"{holder.Path}/access"));
        Assert.Equal(
            ("current", JsonValueKind.Null),
            (seen.GetProperty("status").GetString(), seen.GetProperty("name").ValueKind)
        );
        Assert.Equal(holder.AccountId, (await other.Asked()).Single().GetProperty("accountId").GetGuid());
    }

    [Fact]
    public async Task Access_given_to_an_address_waits_until_a_person_confirms_it()
    {
        var app = await TestApp.StartedAsync();
        var holder = await app.NewHolder();
        var email = People.NewEmail();
        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        Assert.Equal("current", (await holder.Sees(email))["status"]);

        var person = await app.SignUpAndConfirm(email);
        await Eventually.Is(async () => (await person.Api.Get(holder.Path)).Status == 200);
    }

    [Fact]
    public async Task An_account_that_an_administrator_made_opens_nothing_until_its_person_has_confirmed_it()
    {
        var app = await TestApp.StartedAsync();
        var holder = await app.NewHolder();
        var added = await (await (await app.SignUpAndConfirm()).CreatesGroup()).AddsNewPerson();
        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = added.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(202);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from portal.offers where account_id = $1", holder.AccountId)
            == 1
        );
        (await added.Api.Get(holder.Path)).Should(404);
        (await added.Api.Post("/api/portal/accounts", new { dateOfBirth = Holders.Born })).Should(
            403,
            "portal.email_not_confirmed"
        );

        var welcome = await app.Mail.WaitFor(added.Email, mail => mail.Token is not null);
        (
            await app.Api.Post(
                "/api/users/confirm-email",
                new { token = welcome.Token, password = added.Password + "!" }
            )
        ).Should(204);
        var confirmed = added with { Api = await app.SignIn(added.Email, added.Password + "!") };
        await Eventually.Is(async () => (await confirmed.Api.Get(holder.Path)).Status == 200);
    }

    [Fact]
    public async Task Invalid_requests_get_an_error()
    {
        var app = await TestApp.StartedAsync();
        var (holder, other) = await Two();
        var without = await app.SignUpAndConfirm();
        (await without.Api.Post("/api/portal/access-requests", new { email = holder.Email, role = "view" })).Should(
            403,
            "portal.account_required"
        );
        (
            await holder.Api.Post(
                "/api/portal/access-requests",
                new { email = holder.Email.ToUpperInvariant(), role = "view" }
            )
        ).Should(422, "portal.own_account");
        (await holder.Api.Post("/api/portal/access-requests", new { email = "nothing", role = "own" })).Should(400);
        (await holder.Api.Post("/api/portal/access-requests", new { })).ShouldReject("email", "role");
        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = holder.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(422, "portal.own_account");
        (await holder.Api.Post($"{holder.Path}/access", new { })).ShouldReject("email", "role", "level");
        (await holder.Api.Post("/api/portal/accounts", new { dateOfBirth = Holders.Born })).Should(
            409,
            "portal.account_exists"
        );
        foreach (var born in new[] { "2999-01-01", "1850-01-01", "12/04/1985", "" })
            (await without.Api.Post("/api/portal/accounts", new { dateOfBirth = born })).ShouldReject("dateOfBirth");

        await other.Asks(holder.Email);
        var path = $"{holder.Path}/access/{(await holder.Sees(other.Email)).Id}";
        (
            await holder.Api.Put(
                path,
                new
                {
                    status = "current",
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(428);
        (await holder.Api.Put(path, new { }, "*")).ShouldReject("status", "role", "level");
        var tag = (await holder.Api.Get(path)).ETag;
        (
            await holder.Api.Put(
                path,
                new
                {
                    status = "current",
                    role = "view",
                    level = "clinical",
                },
                tag
            )
        ).Should(204);
        (
            await holder.Api.Put(
                path,
                new
                {
                    status = "disabled",
                    role = "view",
                    level = "clinical",
                },
                tag
            )
        ).Should(412);
        (await app.Api.Get("/api/portal/accounts")).Should(401);
    }

    [Fact]
    public async Task A_last_day_is_before_the_year_2200()
    {
        var (holder, other) = await Two();
        var grant = await holder.GivesAccess(other);
        (await holder.Decides(grant, "current", endsOn: "9999-12-31")).ShouldReject("endsOn");
        (await Give("9999-12-31")).ShouldReject("endsOn");
        (await Give("2200-01-01")).ShouldReject("endsOn");
        (await Give("2199-12-31")).Should(202);

        Task<Answer> Give(string endsOn) =>
            holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = People.NewEmail(),
                    role = "view",
                    level = "clinical",
                    endsOn,
                }
            );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_grant_that_was_revoked_or_has_ended_while_it_waited_takes_away_no_access(bool revoked)
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other, next) = (await app.NewHolder(), await app.NewHolder(), People.NewEmail());
        await holder.GivesAccess(other);
        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = next,
                    role = "view",
                    level = "clinical",
                    endsOn = app.Clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                }
            )
        ).Should(202);
        await app.SettlesAsync();
        if (revoked)
            (await holder.Decides((await holder.Sees(next)).Id, "disabled")).Should(204);
        else
            await app.PassesAsync(TimeSpan.FromDays(4));

        other = await (await other.SignsInAgain()).ChangesEmail(next);
        await app.SettlesAsync();
        (await other.Api.Get(holder.Path)).Should(200);
        Assert.Equal(
            "current",
            Assert
                .Single((await (await holder.SignsInAgain()).Api.Get($"{holder.Path}/access")).Items)
                .GetProperty("status")
                .GetString()
        );
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from portal.offers"));
    }

    [Fact]
    public async Task The_number_of_requests_a_day_is_limited()
    {
        var other = await (await TestApp.StartedAsync()).NewHolder();
        for (var request = 0; request < 20; request++)
            await other.Asks(People.NewEmail());
        (await other.Api.Post("/api/portal/access-requests", new { email = People.NewEmail(), role = "view" })).Should(
            429,
            "portal.too_many_requests"
        );
    }

    [Fact]
    public async Task A_changed_name_and_address_show_on_both_sides()
    {
        var (holder, other) = await Two();
        await holder.GivesAccess(other);
        (await other.Api.Change("/api/users/me", new { firstName = "Renamed", lastName = "Other" })).Should(204);
        (await holder.Api.Change("/api/users/me", new { firstName = "Renamed", lastName = "Holder" })).Should(204);
        await Eventually.Is(async () => (await holder.Sees(other.Email))["name"] == "Renamed Other");
        await Eventually.Is(async () =>
            (await other.Asked()).Single().GetProperty("name").GetString() == "Renamed Holder"
        );
        await Eventually.Is(async () => (await holder.Api.Get(holder.Path))["lastName"].GetString() == "Holder");
    }

    private static async Task<(Holder Holder, Holder Other)> Two()
    {
        var app = await TestApp.StartedAsync();
        return (await app.NewHolder(), await app.NewHolder());
    }
}
