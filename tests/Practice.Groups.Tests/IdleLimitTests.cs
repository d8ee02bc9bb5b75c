using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Practice.Groups.Tests;

/// <summary>
/// A practice may ask for the password after a time without use. That holds for every call in it, by any client.
/// </summary>
public sealed class IdleLimitTests
{
    private const string Idle = "groups.session_idle";

    private static readonly TimeSpan Beyond = TimeSpan.FromMinutes(16);

    [Fact]
    public async Task The_limit_is_set_kept_and_cleared()
    {
        var (_, group, member) = await NewGroup();
        Assert.Equal(JsonValueKind.Null, (await group.Owner.Api.Get(group.Path))["idleMinutes"].ValueKind);

        (await Limit(group, 15)).Should(204);
        Assert.Equal(15, (await member.Api.Get(group.Path))["idleMinutes"].GetInt32());
        var listed = (await member.Api.Get("/api/groups")).Items.Single().GetProperty("idleMinutes");
        Assert.Equal(15, listed.GetInt32());
        (await Change(group, _ => { })).Should(204); // nothing changed, so nothing is in the audit
        Assert.Equal(15, (await member.Api.Get(group.Path))["idleMinutes"].GetInt32());
        (await Limit(group, null)).Should(204);
        Assert.Equal(JsonValueKind.Null, (await member.Api.Get(group.Path))["idleMinutes"].ValueKind);

        var changes = (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.changed"))
            .Items.Select(entry => entry.GetProperty("details").GetProperty("idleMinutes").GetRawText())
            .ToList();
        Assert.Equal(["""{"to":null,"from":15}""", """{"to":15,"from":null}"""], changes);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    [InlineData(31)] // the operator's is 30
    [InlineData(1441)]
    public async Task A_limit_is_5_minutes_or_more_and_at_most_the_operators(int minutes)
    {
        var (_, group, _) = await NewGroup();
        Assert.Equal(["idleMinutes"], (await Limit(group, minutes)).Should(400, "request.invalid").Fields);
    }

    [Fact]
    public async Task It_is_loosened_by_a_verified_owner_only()
    {
        var (app, group, _) = await NewGroup();
        (await Limit(group, 15)).Should(204);
        await app.VerificationEnds(group.Owner.Id);

        (await Limit(group, 16)).Should(403, "auth.verification_required");
        (await Limit(group, null)).Should(403, "auth.verification_required");
        (await Limit(group, 15)).Should(204);
        (await Limit(group, 14)).Should(204);
        await Verify(group.Owner);
        (await Limit(group, 16)).Should(204);
    }

    [Fact]
    public async Task After_a_pause_the_practice_asks_for_the_password_and_others_do_not()
    {
        var (app, group, _) = await NewLimitedGroup();
        var member = await app.SignUpAndConfirm();
        await group.Welcomes(member);
        var other = await member.CreatesGroup();
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(14));
        (await member.Api.Get(group.Path)).Should(200);

        await app.TimePasses(member.Id, Beyond);
        (await member.Api.Get(group.Path)).Should(401, Idle);
        (await member.Api.Post($"{group.Path}/members/me/leave")).Should(401, Idle);
        (await member.Api.Get(other.Path)).Should(200);

        // No use elsewhere hides the pause, and no refused call is a use.
        (await member.Api.Get("/api/users/me")).Should(200);
        (await member.Api.Get("/api/portal/accounts")).Should(200);
        (await member.Api.Get(group.Path)).Should(401, Idle);
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(1));
        (await member.Api.Get(other.Path)).Should(200);
        (await member.Api.Get(group.Path)).Should(401, Idle);

        await Verify(member);
        (await member.Api.Get(group.Path)).Should(200);
        await app.TimePasses(member.Id, Beyond);
        (await member.Api.Get(group.Path)).Should(401, Idle);
        (await (await member.SignsInAgain()).Api.Get(group.Path)).Should(200);
        (await member.Api.Get(group.Path)).Should(401, Idle);
    }

    [Theory]
    [InlineData("a read in the practice")]
    [InlineData("a change")]
    [InlineData("a read elsewhere")]
    [InlineData("the portal")]
    public async Task Whoever_goes_on_is_not_asked(string use)
    {
        var (app, group, member) = await NewLimitedGroup();
        for (var time = 0; time < 3; time++)
        {
            await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
            switch (use)
            {
                case "a read in the practice":
                    (await member.Api.Get($"{group.Path}/members")).Should(200);
                    break;
                case "a change":
                    (await member.Api.Put("/api/users/me/current-group", new { groupId = group.Id })).Should(204);
                    break;
                case "a read elsewhere":
                    (await member.Api.Get("/api/groups")).Should(200);
                    break;
                default:
                    (await member.Api.Get("/api/portal/accounts")).Should(200);
                    break;
            }
        }

        await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
        (await member.Api.Get(group.Path)).Should(200);
    }

    [Fact]
    public async Task A_call_that_is_not_let_in_is_no_use()
    {
        var (app, group, member) = await NewLimitedGroup();
        var strangers = await (await app.SignUpAndConfirm()).CreatesGroup();
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
        (await member.Api.Get(strangers.Path)).Should(404);
        (await member.Api.Get($"{group.Path}/audit")).Should(403, "auth.not_allowed");
        (await member.Api.Get($"/api/portal/accounts/{Guid.NewGuid()}")).Should(404);
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
        (await member.Api.Get(group.Path)).Should(401, Idle);
    }

    [Fact]
    public async Task A_refresh_is_no_use_and_hides_no_pause()
    {
        var (app, group, member) = await NewLimitedGroup();
        var signedIn = await SignIn(app, member);
        (await As(app, signedIn).Get(group.Path)).Should(200);
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
        signedIn = await Refresh(app, signedIn);
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
        (await As(app, signedIn).Get(group.Path)).Should(401, Idle);

        // Also once the tokens from before are gone, and what was known of the session with them.
        await app.Owner.Execute("delete from authority.sessions where user_id = $1", member.Id);
        signedIn = await Refresh(app, signedIn);
        (await As(app, signedIn).Get(group.Path)).Should(401, Idle);
        await app.Owner.Execute(
            """
            with gone as (delete from authority.sessions where user_id = $1 returning session_id)
            delete from authority.session_use where session_id in (select session_id from gone)
            """,
            member.Id
        );
        signedIn = await Refresh(app, signedIn);
        (await As(app, signedIn).Get(group.Path)).Should(401, Idle);

        (await As(app, signedIn).Post("/api/users/me/verify", new { password = member.Password })).Should(204);
        (await As(app, signedIn).Get(group.Path)).Should(200);
        signedIn = await Refresh(app, signedIn);
        (await As(app, signedIn).Get(group.Path)).Should(200);
    }

    [Fact]
    public async Task Calls_at_once_do_not_hide_a_pause()
    {
        var (app, group, member) = await NewLimitedGroup();
        await app.TimePasses(member.Id, Beyond);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(call =>
                    member.Api.Get(
                        call % 3 == 0 ? group.Path
                        : call % 3 == 1 ? "/api/groups"
                        : "/api/users/me"
                    )
                )
        );
        Assert.Equal(10, answers.Count(answer => answer.Code == Idle));
        Assert.Equal(20, answers.Count(answer => answer.Status == 200));
        (await member.Api.Get(group.Path)).Should(401, Idle);
    }

    /// <summary>Another call of the session may be in the middle of a long transaction.</summary>
    [Fact]
    public async Task A_call_waits_for_no_other_call_of_the_session()
    {
        var (app, group, member) = await NewLimitedGroup();
        await app.TimePasses(member.Id, TimeSpan.FromMinutes(10));
        await using var other = new NpgsqlConnection(app.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var use = new NpgsqlCommand(
            """
            update authority.session_use set last_used_at = now()
            where session_id in (select session_id from authority.sessions where user_id = $1)
            """,
            other,
            transaction
        );
        use.Parameters.Add(new NpgsqlParameter { Value = member.Id });
        Assert.True(await use.ExecuteNonQueryAsync() > 0);

        (await member.Api.Get(group.Path)).Should(200);
        (await member.Api.Put("/api/users/me/current-group", new { groupId = group.Id })).Should(204);
        await Verify(member);
        (await member.Api.Get(group.Path)).Should(200);
        await transaction.RollbackAsync();
    }

    [Fact]
    public async Task Cleaning_up_hides_no_pause()
    {
        var (app, group, member) = await NewLimitedGroup();
        var signedIn = await SignIn(app, member);
        (await As(app, signedIn).Get(group.Path)).Should(200);
        await app.Owner.Execute("delete from authority.sessions where user_id = $1", member.Id);
        await app.TimePasses(member.Id, Beyond);
        var known =
            "select count(*) from authority.session_use u join users.sessions s on s.id = u.session_id "
            + "where s.account_id = $1";
        var before = await app.Owner.Scalar<long>(known, member.Id);
        await app.Owner.Execute("select authority.forget_expired_sessions()");
        Assert.Equal(before, await app.Owner.Scalar<long>(known, member.Id));

        await app.Owner.Execute(
            """
            update authority.session_use set last_used_at = last_used_at - interval '2 days'
            where session_id in (select id from users.sessions where account_id = $1)
            """,
            member.Id
        );
        await app.Owner.Execute("select authority.forget_expired_sessions()");
        Assert.Equal(0, await app.Owner.Scalar<long>(known, member.Id));
    }

    private static async Task<Answer> SignIn(TestApp app, Person person) =>
        (await app.Api.Post("/api/users/sign-in", new { email = person.Email, password = person.Password })).Should(
            200
        );

    private static ApiClient As(TestApp app, Answer signedIn) => app.Api.WithToken(signedIn["accessToken"].GetString());

    private static async Task<Answer> Refresh(TestApp app, Answer signedIn) =>
        (await app.Api.Post("/api/users/refresh", new { refreshToken = signedIn["refreshToken"].GetString() })).Should(
            200
        );

    private static async Task Verify(Person person) =>
        (await person.Api.Post("/api/users/me/verify", new { password = person.Password })).Should(204);

    private static Task<Answer> Limit(Group group, int? minutes) =>
        Change(group, settings => settings["idleMinutes"] = minutes);

    private static async Task<Answer> Change(Group group, Action<JsonObject> change)
    {
        var now = (await group.Owner.Api.Get(group.Path)).Should(200);
        var settings = JsonNode.Parse(now.Text)!.AsObject();
        settings.Remove("id");
        settings.Remove("idleMinutes");
        change(settings);
        return await group.Owner.Api.Put(group.Path, settings, now.ETag);
    }

    private static async Task<(TestApp App, Group Group, Person Member)> NewLimitedGroup()
    {
        var made = await NewGroup();
        (await Limit(made.Group, 15)).Should(204);
        (await made.Member.Api.Get(made.Group.Path)).Should(200);
        return made;
    }

    private static async Task<(TestApp App, Group Group, Person Member)> NewGroup()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        return (app, group, await group.AddsNewPerson());
    }
}
