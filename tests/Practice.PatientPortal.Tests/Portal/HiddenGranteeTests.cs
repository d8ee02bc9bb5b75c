using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Practice.PatientPortal.Tests.Portal;

/// <summary>
/// Of a person who was given access unasked, the holder and the practices know the address. Nothing that they see tells
/// them whether it has an account, or whose it is. Anybody can hold an account, and make a practice that it is linked
/// to. Who no longer has access learns nothing new, and nobody learns more of them.
/// </summary>
public sealed partial class HiddenGranteeTests(HiddenGranteeTests.OwnApp own) : IClassFixture<HiddenGranteeTests.OwnApp>
{
    [Fact]
    public async Task A_practice_sees_and_pauses_an_address_alike_with_and_without_an_account()
    {
        var (clinic, holder, known) = (await Clinic.New(own.App), await own.App.NewHolder(), await own.App.NewHolder());
        var (patient, nobody) = (await clinic.Links(holder), People.NewEmail());
        await GivesBoth();
        var open = await SeenAlike();
        Assert.Contains("\"name\":null", open, StringComparison.Ordinal);

        Assert.Equal((204, 204), await OnBoth("pause", Reason));
        Assert.Equal((409, 409), await OnBoth("pause", Reason));
        var paused = await SeenAlike();
        Assert.NotEqual(open, paused);
        foreach (var email in new[] { known.Email, nobody })
            (await holder.Decides((await holder.Sees(email)).Id, "disabled")).Should(204);
        await GivesBoth();
        Assert.Equal(paused, await SeenAlike());

        Assert.Equal((204, 204), await OnBoth("resume"));
        Assert.Equal((409, 409), await OnBoth("resume"));
        Assert.Contains("\"pausedAt\":null", await SeenAlike(), StringComparison.Ordinal);
        var audit = (await clinic.Api.GetAll($"{clinic.Path}/audit")).Where(entry =>
            entry.GetProperty("act").GetString() is "portal.access_paused" or "portal.access_resumed"
        );
        Assert.Equal(4, audit.Count());
        Assert.Single(audit.Select(entry => Anonymous(entry.GetProperty("details").GetRawText())).Distinct());

        async Task GivesBoth()
        {
            foreach (var email in new[] { known.Email, nobody })
                await Gives(holder, email);
            await own.App.SettlesAsync();
        }

        // What the practice and the holder see of each, without what differs of any two grants.
        async Task<string> SeenAlike()
        {
            var all = await Task.WhenAll(
                ((string[])[known.Email, nobody]).Select(async email =>
                    Anonymous(string.Join('\n', await SeenOf(email)).Replace(email, "address", Ordinal))
                )
            );
            Assert.Equal(all[0], all[1]);
            Assert.DoesNotContain(known.Person.LastName, all[0], StringComparison.Ordinal);
            return all[0];
        }

        async Task<string[]> SeenOf(string email)
        {
            var fhir = $"/fhir/groups/{clinic.Group.Id}";
            var person = Single(await clinic.Api.Get($"{fhir}/RelatedPerson?patient={patient}"), email);
            var consent = Single(
                await clinic.Api.Get($"{fhir}/Consent?patient={patient}"),
                $"RelatedPerson/{person.GetProperty("id").GetString()}"
            );
            return
            [
                (await Listed(email)).GetRawText(),
                person.GetRawText(),
                consent.GetRawText(),
                .. (await holder.Api.GetAll($"{holder.Path}/access"))
                    .Where(item => item.GetProperty("email").GetString() == email)
                    .Select(item => item.GetRawText()),
            ];
        }

        static JsonElement Single(Answer bundle, string about) =>
            bundle
                .Should(200)["entry"]
                .EnumerateArray()
                .Select(entry => entry.GetProperty("resource"))
                .Single(resource => resource.GetRawText().Contains(about, StringComparison.Ordinal));

        async Task<JsonElement> Listed(string email) =>
            (await clinic.Api.GetAll(Access(clinic, patient))).Single(item =>
                item.GetProperty("email").GetString() == email
            );

        async Task<(int Known, int Nobody)> OnBoth(string how, object? body = null) =>
            (await On(known.Email, how, body), await On(nobody, how, body));

        async Task<int> On(string email, string how, object? body)
        {
            var grant = (await Current(holder, email)).Id;
            return (await clinic.Api.Post($"{Access(clinic, patient)}/{grant}/{how}", body)).Status;
        }
    }

    [Fact]
    public async Task The_limit_of_a_day_counts_alike_with_and_without_an_account()
    {
        var (holder, known) = (await own.App.NewHolder(), await own.App.NewHolder());
        for (var given = 0; given < 10; given++)
            foreach (var email in new[] { known.Email, People.NewEmail() })
            {
                await Gives(holder, email);
                await own.App.SettlesAsync();
                (await holder.Decides((await Current(holder, email)).Id, "disabled")).Should(204);
            }

        (
            await holder.Api.Post(
                $"{holder.Path}/access",
                new
                {
                    email = known.Email,
                    role = "view",
                    level = "clinical",
                }
            )
        ).Should(429, "portal.too_many_requests");
    }

    [Fact]
    public async Task A_paused_address_stays_paused_for_each_person_who_has_it()
    {
        var (clinic, holder, email) = (await Clinic.New(own.App), await own.App.NewHolder(), People.NewEmail());
        var patient = await clinic.Links(holder);
        await clinic.AddsRecords(patient);
        await Gives(holder, email);
        (await clinic.Api.Post($"{await Shown()}/pause", Reason)).Should(204);

        var first = await own.App.NewHolder(email: email);
        await own.App.SettlesAsync();
        await SeesNothing(first);
        Assert.StartsWith($"{clinic.Group.Name} has paused", await Told(first, "portalPaused"), Ordinal);

        (await holder.Decides((await Current(holder, email)).Id, "disabled")).Should(204);
        first = await first.ChangesEmail();
        await Gives(holder, email);
        var second = await (await own.App.NewHolder()).ChangesEmail(email);
        await own.App.SettlesAsync();
        await SeesNothing(second);

        // The first one, whom the practice now knows by name, is still paused, and shown so.
        await own.App.Owner.Execute(
            "update portal.grants set denied_at = null where account_id = $1",
            holder.AccountId
        );
        await holder.GivesAccess(first);
        await SeesNothing(first);
        var byName = (await clinic.Api.GetAll(Access(clinic, patient))).Single(item =>
            item.GetProperty("name").ValueKind != JsonValueKind.Null
        );
        Assert.NotNull(byName.GetProperty("pausedAt").GetString());

        var named = $"{Access(clinic, patient)}/{byName.GetProperty("grantId").GetGuid()}";
        (await clinic.Api.Post($"{named}/resume")).Should(204);
        Assert.NotEmpty((await holder.OpenedBy(first.Person).Api.Get($"{holder.Path}/invoices")).Items);
        await SeesNothing(second);
        (await clinic.Api.Post($"{await Shown()}/resume")).Should(204);
        Assert.NotEmpty((await second.Api.Get($"{holder.Path}/invoices")).Items);
        Assert.Equal(
            0,
            await own.App.Owner.Scalar<long>(
                "select count(*) from authority.portal_pauses where account_id = $1",
                holder.AccountId
            )
        );

        async Task<string> Shown() => $"{Access(clinic, patient)}/{(await Current(holder, email)).Id}";

        async Task SeesNothing(Holder person) =>
            Assert.Empty((await person.Api.Get($"{holder.Path}/invoices")).Should(200).Items);
    }

    [Fact]
    public async Task The_tag_of_a_grant_does_not_tell_that_its_address_has_an_account()
    {
        var (holder, email) = (await own.App.NewHolder(), People.NewEmail());
        await Gives(holder, email);
        await own.App.SettlesAsync();
        var path = $"{holder.Path}/access/{(await holder.Sees(email)).Id}";
        var before = await holder.Api.Get(path);

        var person = await own.App.SignUpAndConfirm(email);
        await own.App.SettlesAsync();
        (await person.Api.Get(holder.Path)).Should(200);
        Assert.Equal(before.ETag, (await holder.Api.Get(path)).ETag);

        var decision = new
        {
            status = "current",
            role = "edit",
            level = "administrative",
        };
        (await holder.Api.Put(path, decision, before.ETag)).Should(204);
        (await holder.Api.Put(path, decision, before.ETag)).Should(412);
    }

    [Theory]
    [InlineData("status", "disabled")]
    [InlineData("role", "edit")]
    [InlineData("level", "clinical")]
    [InlineData("endsOn", "2150-01-01")]
    public async Task Each_part_of_a_decision_changes_the_tag(string part, string value)
    {
        var (holder, other) = (await own.App.NewHolder(), await own.App.NewHolder());
        var grant = await holder.GivesAccess(other);
        var path = $"{holder.Path}/access/{grant}";
        var before = (await holder.Api.Get(path)).ETag;
        var decision = new Dictionary<string, string?>
        {
            ["status"] = "current",
            ["role"] = "view",
            ["level"] = "administrative",
            [part] = value,
        };
        (await holder.Api.Put(path, decision, before)).Should(204);
        Assert.NotEqual(before, (await holder.Api.Get(path)).ETag);
        (await holder.Api.Put(path, decision, before)).Should(412);
    }

    [Fact]
    public async Task After_a_revocation_nobody_learns_a_new_name_or_address_until_access_is_given_again()
    {
        var (holder, former, present) = (
            await own.App.NewHolder(),
            await own.App.NewHolder(),
            await own.App.NewHolder()
        );
        var grant = await holder.GivesAccess(former);
        await holder.GivesAccess(present);
        (await holder.Decides(grant, "disabled")).Should(204);
        var old = await Both();

        former = await former.ChangesEmail();
        foreach (var person in new[] { former, holder })
            (await person.Api.Change("/api/users/me", new { firstName = "Changed", lastName = "Since" })).Should(204);
        await own.App.SettlesAsync();
        Assert.Equal(old, await Both());
        Assert.Equal("Changed Since", (await present.Asked()).Single().GetProperty("name").GetString());

        (await holder.Decides(grant, "current")).Should(204);
        Assert.Equal(("Changed Since", former.Email, "Changed Since"), await Both());

        async Task<(string?, string?, string?)> Both()
        {
            var seen = new Seen((await holder.Api.Get($"{holder.Path}/access/{grant}")).Should(200).Json);
            return (seen["name"], seen["email"], (await former.Asked()).Single().GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task A_grant_past_its_last_day_is_not_followed_and_a_new_request_reaches_the_holder()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        var last = app.Clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var ended = await holder.GivesAccess(other, endsOn: last);
        await app.PassesAsync(TimeSpan.FromDays(4));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        (await holder.Api.Change("/api/users/me", new { firstName = "Changed", lastName = "Holder" })).Should(204);
        (await other.Api.Change("/api/users/me", new { firstName = "Changed", lastName = "Other" })).Should(204);
        await app.SettlesAsync();
        Assert.DoesNotContain("Changed", (await other.Api.Get("/api/portal/access")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Changed",
            (await holder.Api.Get($"{holder.Path}/access")).Text,
            StringComparison.Ordinal
        );

        await other.Asks(holder.Email);
        await app.SettlesAsync();
        var request = new Seen(Assert.Single((await holder.Api.Get($"{holder.Path}/access")).Items));
        Assert.NotEqual(ended, request.Id);
        Assert.Equal(("pending", "Changed Other"), (request["status"], request["name"]));
        Assert.Equal("pending", Assert.Single(await other.Asked()).GetProperty("status").GetString());
        (await other.Api.Get(holder.Path)).Should(403, "portal.grant_not_current");

        (await holder.Decides(request.Id, "current")).Should(204);
        (await other.Api.Get(holder.Path)).Should(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_given_access_again_after_the_last_day_is_told(bool byAddress)
    {
        await using var app = await TestApp.StartAsync();
        var (holder, other) = (await app.NewHolder(), await app.NewHolder());
        var last = app.Clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var grant = await holder.GivesAccess(other, endsOn: last);
        await app.PassesAsync(TimeSpan.FromDays(4));
        (holder, other) = (await holder.SignsInAgain(), await other.SignsInAgain());
        (await other.Api.Change("/api/users/me", new { firstName = "Changed", lastName = "Other" })).Should(204);
        await app.SettlesAsync();
        Assert.Equal(1, await GrantedAsync());

        if (byAddress)
            await Gives(holder, other.Email);
        else
            (await holder.Decides(grant, "current")).Should(204);
        await app.SettlesAsync();
        Assert.Equal(2, await GrantedAsync());
        Assert.Equal("Changed Other", (await holder.Sees(other.Email))["name"]);

        async Task<int> GrantedAsync() =>
            (await other.Api.GetAll("/api/users/me/notifications")).Count(item =>
                item.GetProperty("kind").GetString() == "portalGranted"
            );
    }

    /// <summary>Somebody else may have the address of a person whose access has ended.</summary>
    [Fact]
    public async Task Access_is_given_to_who_has_the_address_now()
    {
        await using var app = await TestApp.StartAsync();
        var (holder, former) = (await app.NewHolder(), await app.NewHolder());
        var last = app.Clock.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await holder.GivesAccess(former, endsOn: last);
        await app.PassesAsync(TimeSpan.FromDays(4));
        (holder, former) = (await holder.SignsInAgain(), await former.SignsInAgain());
        var address = former.Email;
        former = await former.ChangesEmail();
        var next = await (await app.NewHolder()).ChangesEmail(address);

        await Gives(holder, address);
        await app.SettlesAsync();
        (await next.Api.Get(holder.Path)).Should(200);
        (await former.Api.Get(holder.Path)).Should(403, "portal.grant_not_current");
    }

    /// <summary>The holder revoked it while nobody had the address: it decides about no request.</summary>
    [Theory]
    [InlineData("disabled", null)]
    [InlineData("current", "2026-01-01")]
    public async Task A_grant_that_ended_while_it_waited_closes_no_request_of_the_person_who_takes_its_address(
        string status,
        string? endsOn
    )
    {
        var (holder, other, address) = (await own.App.NewHolder(), await own.App.NewHolder(), People.NewEmail());
        await Gives(holder, address);
        var waited = (await Current(holder, address)).Id;
        if (status == "disabled")
            (await holder.Decides(waited, status)).Should(204);
        else
            await own.App.Owner.Execute(
                "update portal.grants set ends_on = $2 where id = $1",
                waited,
                DateOnly.Parse(endsOn!, CultureInfo.InvariantCulture)
            );
        await other.Asks(holder.Email);
        var request = (await holder.Sees(other.Email)).Id;

        other = await other.ChangesEmail(address);
        await own.App.SettlesAsync();

        var left = new Seen(Assert.Single(await holder.Api.GetAll($"{holder.Path}/access")));
        Assert.Equal((request, "pending"), (left.Id, left["status"]));
        Assert.Equal("pending", Assert.Single(await other.Asked()).GetProperty("status").GetString());
        (await holder.Decides(request, "current")).Should(204);
        (await other.Api.Get(holder.Path)).Should(200);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static object Reason { get; } = new { reason = "A court order" };

    private static string Access(Clinic clinic, Guid patient) => $"{clinic.Path}/patients/{patient}/access";

    private static async Task Gives(Holder holder, string email) =>
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

    private static async Task<Seen> Current(Holder holder, string email) =>
        new(
            (await holder.Api.GetAll($"{holder.Path}/access")).Single(item =>
                item.GetProperty("email").GetString() == email && item.GetProperty("status").GetString() == "current"
            )
        );

    private static async Task<string> Told(Holder person, string kind) =>
        Assert
            .Single((await person.Api.GetAll("/api/users/me/notifications")), item =>
                item.GetProperty("kind").GetString() == kind
            )
            .GetProperty("title")
            .GetString()!;

    /// <summary>Without ids and moments, which differ of any two grants.</summary>
    private static string Anonymous(string text) => Moments().Replace(Ids().Replace(text, "id"), "then");

    [GeneratedRegex("[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")]
    private static partial Regex Moments();

    public sealed class OwnApp : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async Task InitializeAsync() => App = await TestApp.StartAsync();

        public async Task DisposeAsync() => await App.DisposeAsync();
    }
}
