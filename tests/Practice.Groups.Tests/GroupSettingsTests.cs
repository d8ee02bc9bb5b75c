using System.Text.Json.Nodes;

namespace Practice.Groups.Tests;

/// <summary>
/// The settings that all members of a group share: name, reminders, invoice defaults, and whether a second factor is
/// required.
/// </summary>
public sealed class GroupSettingsTests
{
    private const string Settings = """
        {"name":"Renamed","reminders":{"enabled":false,"hoursBefore":48},
         "invoices":{"currency":"NZD","dueAfterDays":30},"requireTwoFactor":false}
        """;

    [Fact]
    public async Task An_owner_changes_the_settings_and_every_member_sees_them()
    {
        var (group, member) = await NewGroup();
        (await group.Owner.Api.Change(group.Path, Settings)).Should(204);

        var seen = (await member.Api.Get(group.Path)).Should(200);
        Assert.Equal("Renamed", seen["name"].GetString());
        Assert.Equal("""{"enabled":false,"hoursBefore":48,"byText":false}""", seen["reminders"].GetRawText());
        Assert.Equal("""{"currency":"NZD","dueAfterDays":30}""", seen["invoices"].GetRawText());
        var entry = (await group.Owner.Api.Get($"{group.Path}/audit?limit=1")).Items.Single();
        Assert.Equal("groups.changed", entry.GetProperty("act").GetString());
        string[] changes =
        [
            .. entry
                .GetProperty("changes")
                .EnumerateArray()
                .Select(change =>
                    $"{change.GetProperty("what")}: {change.GetProperty("from")} → {change.GetProperty("to")}"
                ),
        ];
        Assert.Contains($"name: {group.Name} → Renamed", changes);
        Assert.Contains("remindersEnabled: true → false", changes);
        Assert.Contains("remindersHoursBefore: 24 → 48", changes);
        Assert.Contains("invoiceCurrency: AUD → NZD", changes);
    }

    [Fact]
    public async Task What_stands_on_invoices_is_kept_until_it_is_changed_and_an_australian_number_checks_itself()
    {
        var (group, member) = await NewGroup();
        (
            await group.Owner.Api.Post(
                $"{group.Path}/locations",
                new { name = "Sydney", timeZone = "Australia/Sydney" }
            )
        ).Should(201);
        (
            await Change(
                """{"address":" 1 High Street\r\nMelbourne ","phone":"03 9000 0000","businessNumber":"51824753556"}"""
            )
        ).Should(204);
        var changed = (await group.Owner.Api.Get($"{group.Path}/audit?limit=1")).Items.Single();
        Assert.Superset(
            new HashSet<string>
            {
                """{"what":"address","from":null,"to":null}""",
                """{"what":"phone","from":null,"to":null}""",
            },
            changed.GetProperty("changes").EnumerateArray().Select(change => change.GetRawText()).ToHashSet()
        );
        Assert.DoesNotContain("High Street", changed.GetRawText(), StringComparison.Ordinal);
        (await Change("{}")).Should(204); // absent: unchanged
        var seen = (await member.Api.Get(group.Path)).Should(200);
        Assert.Equal(
            ("1 High Street\nMelbourne", "03 9000 0000", "51 824 753 556"),
            (seen["address"].GetString(), seen["phone"].GetString(), seen["businessNumber"].GetString())
        );
        foreach (var wrong in new[] { "51 824 753 557", "5182475355", "51 824 753 55A", "none", "=1+1" })
            (await Change($$"""{"businessNumber":"{{wrong}}"}""")).ShouldReject("businessNumber");

        (await Change("""{"businessNumber":null,"address":" "}""")).Should(204);
        seen = (await member.Api.Get(group.Path)).Should(200);
        Assert.Equal(
            (null, "03 9000 0000", null),
            (seen["address"].GetString(), seen["phone"].GetString(), seen["businessNumber"].GetString())
        );

        var abroad = await (await group.Host.SignUpAndConfirm()).CreatesGroup();
        (
            await abroad.Owner.Api.Put(
                $"{abroad.Path}/locations/{abroad.LocationId}",
                new { name = "Wien", timeZone = "Europe/Vienna" },
                "*"
            )
        ).Should(204);
        (await abroad.Owner.Api.Change(abroad.Path, With("""{"businessNumber":"ATU12345678"}"""))).Should(204);
        (await abroad.Owner.Api.Change(abroad.Path, With("""{"businessNumber":"unknown"}"""))).ShouldReject(
            "businessNumber"
        );

        Task<Answer> Change(string part) => group.Owner.Api.Change(group.Path, With(part));

        static JsonNode With(string part)
        {
            var all = JsonNode.Parse(Settings)!.AsObject();
            foreach (var (name, value) in JsonNode.Parse(part)!.AsObject())
                all[name] = value?.DeepClone();
            return all;
        }
    }

    [Fact]
    public async Task Only_owners_change_the_settings()
    {
        var (group, _) = await NewGroup();
        var full = await group.AddsNewPerson("full");
        (await full.Api.Change(group.Path, Settings)).Should(403, "auth.not_allowed");
        (await (await group.Host.SignUpAndConfirm()).Api.Put(group.Path, Settings, "*")).Should(404);
    }

    [Fact]
    public async Task Changing_the_settings_requires_the_version_that_was_read()
    {
        var (group, _) = await NewGroup();
        var tag = (await group.Owner.Api.Get(group.Path)).ETag;
        (await group.Owner.Api.Put(group.Path, Settings)).Should(428, "request.version_required");
        (await group.Owner.Api.Put(group.Path, Settings, tag)).Should(204);
        var stale = (await group.Owner.Api.Put(group.Path, Settings, tag)).Should(412, "request.version_changed");
        Assert.Equal((await group.Owner.Api.Get(group.Path)).ETag, stale["currentVersion"].GetString());
    }

    [Theory]
    [InlineData("name", "null", "name")]
    [InlineData("name", "\"  \"", "name")]
    [InlineData("reminders", "null", "reminders")]
    [InlineData("reminders", "{}", "reminders.enabled", "reminders.hoursBefore")]
    [InlineData("reminders", """{"enabled":true,"hoursBefore":0}""", "reminders.hoursBefore")]
    [InlineData("reminders", """{"enabled":true,"hoursBefore":169}""", "reminders.hoursBefore")]
    [InlineData("invoices", "null", "invoices")]
    [InlineData("invoices", """{"currency":"aud","dueAfterDays":14}""", "invoices.currency")]
    [InlineData("invoices", """{"currency":"ABC","dueAfterDays":14}""", "invoices.currency")]
    [InlineData("invoices", """{"currency":"AUD","dueAfterDays":-1}""", "invoices.dueAfterDays")]
    [InlineData("invoices", """{"currency":"AUD","dueAfterDays":366}""", "invoices.dueAfterDays")]
    [InlineData("invoices", """{"currency":"AUD","dueAfterDays":1.5}""", "invoices.dueAfterDays")]
    public async Task An_invalid_setting_is_named(string setting, string value, params string[] fields)
    {
        var group = await Shared.Value;
        var body = JsonNode.Parse(Settings)!.AsObject();
        body[setting] = JsonNode.Parse(value);
        (await group.Owner.Api.Put(group.Path, body.ToJsonString(), "*")).ShouldReject(fields);
    }

    [Fact]
    public async Task An_open_invitation_shows_the_new_name()
    {
        var (group, _) = await NewGroup();
        var person = await group.Host.SignUpAndConfirm();
        (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))).Should(201);
        (await group.Owner.Api.Change(group.Path, Settings)).Should(204);
        Assert.Equal(
            "Renamed",
            (await person.Api.Get("/api/invitations")).Items.Single().GetProperty("groupName").GetString()
        );
    }

    [Fact]
    public async Task A_group_that_requires_a_second_factor_accepts_only_sessions_that_have_shown_one()
    {
        var (group, member) = await NewGroup();
        await RequireTwoFactors(group);

        (await member.Api.Get(group.Path)).Should(403, "groups.two_factor_required");
        (await member.Api.Get("/api/groups")).Should(200); // their other groups and their own account are not affected

        await Authenticator.EnableFor(member);
        (await member.Api.Get(group.Path)).Should(200);

        await RequireTwoFactors(group, required: false);
        (await (await group.AddsNewPerson()).Api.Get(group.Path)).Should(200);
    }

    [Fact]
    public async Task Nobody_requires_a_factor_that_they_have_not_shown_themselves()
    {
        var (group, member) = await NewGroup();
        (await group.Owner.Api.Change(group.Path, WithTwoFactors(true))).Should(403, "groups.two_factor_required");
        Assert.False((await group.Owner.Api.Get(group.Path)).Should(200)["requireTwoFactor"].GetBoolean());
        (await member.Api.Get(group.Path)).Should(200);
    }

    [Fact]
    public async Task Turning_the_second_factor_off_ends_access_from_the_next_request()
    {
        var (group, member) = await NewGroup();
        await RequireTwoFactors(group);
        var app = await Authenticator.EnableFor(member);
        (await member.Api.Get(group.Path)).Should(200);
        (await member.Api.Post("/api/users/me/two-factor/disable", new { code = app.Next() })).Should(204);
        (await member.Api.Get(group.Path)).Should(403, "groups.two_factor_required");
    }

    private static readonly Lazy<Task<Group>> Shared = new(async () => (await NewGroup()).Group);

    private static string WithTwoFactors(bool required)
    {
        var body = JsonNode.Parse(Settings)!.AsObject();
        body["requireTwoFactor"] = required;
        return body.ToJsonString();
    }

    private static async Task RequireTwoFactors(Group group, bool required = true)
    {
        if (required)
            await Authenticator.EnableFor(group.Owner);
        (await group.Owner.Api.Change(group.Path, WithTwoFactors(required))).Should(204);
    }

    private static async Task<(Group Group, Person Member)> NewGroup()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        return (group, await group.AddsNewPerson());
    }
}
