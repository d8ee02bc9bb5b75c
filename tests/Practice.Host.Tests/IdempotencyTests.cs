using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Practice.Shared.Idempotency;

namespace Practice.Host.Tests;

/// <summary>Repeating a POST with the same <c>Idempotency-Key</c> returns the first answer and does nothing.</summary>
public sealed class IdempotencyTests
{
    private static readonly object Place = new { name = "Harbour", timeZone = "Europe/London" };

    [Fact]
    public async Task A_repeat_gets_the_first_answer_and_creates_nothing()
    {
        var (group, api, _) = await NewCall();
        var first = (await api.Post($"{group.Path}/locations", Place)).Should(201);
        var second = (await api.Post($"{group.Path}/locations", Place)).Should(201);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(2, (await api.Get($"{group.Path}/locations")).Items.Count);
    }

    [Fact]
    public async Task An_answer_is_deleted_after_a_day_though_the_person_makes_no_more_calls()
    {
        var (group, api, app) = await NewCall();
        (await api.Post($"{group.Path}/locations", Place)).Should(201);
        var (other, others, _) = await NewCall();
        (await others.Post($"{other.Path}/locations", Place)).Should(201);
        await app.Owner.Execute(
            "update idempotency.calls set created_at = created_at - interval '25 hours' where user_id = $1",
            group.Owner.Id
        );

        await app.Services.GetRequiredService<ExpiredAnswersCleanup>().RunAsync(CancellationToken.None);

        Assert.Equal(0, await KeptAsync(group));
        Assert.Equal(1, await KeptAsync(other));

        Task<long> KeptAsync(Group of) =>
            app.Owner.Scalar<long>("select count(*) from idempotency.calls where user_id = $1", of.Owner.Id);
    }

    [Fact]
    public async Task A_repeated_request_without_a_body_in_its_answer_runs_once_too()
    {
        var (group, _, app) = await NewCall();
        var member = await group.AddsNewPerson("reception");
        var api = group.Owner.Api.WithHeader("Idempotency-Key", "deactivate-them");
        (await api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/reactivate")).Should(204);
        (await api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);

        Assert.Equal("active", (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}"))["status"].GetString());
        Assert.Equal(
            1L,
            await app.Owner.Scalar<long>(
                "select count(*) from audit.entries where act = 'groups.member_deactivated' and subject_id = $1",
                member.Id
            )
        );
    }

    [Fact]
    public async Task A_new_user_is_added_once_and_the_password_is_not_stored()
    {
        var (group, api, app) = await NewCall();
        var person = Group.Member(People.NewEmail(), "reception", "a password to be found nowhere");
        var first = (await api.Post($"{group.Path}/members", person)).Should(201);
        var second = (await api.Post($"{group.Path}/members", person)).Should(201);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>(
                """
                select count(*) from idempotency.calls
                where calls::text like '%found nowhere%' or convert_from(body, 'UTF8') like '%found nowhere%'
                """
            )
        );
    }

    [Fact]
    public async Task The_key_with_another_body_or_route_is_rejected()
    {
        var (group, api, _) = await NewCall();
        (await api.Post($"{group.Path}/locations", Place)).Should(201);
        (await api.Post($"{group.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/London" })).Should(
            422,
            "idempotency.key_reused"
        );
        (await api.Post("/api/groups", Place)).Should(422, "idempotency.key_reused");
        Assert.Equal(2, (await api.Get($"{group.Path}/locations")).Items.Count);
    }

    [Fact]
    public async Task Two_people_may_use_the_same_key()
    {
        var (group, api, _) = await NewCall();
        var other = await NewGroup();
        (await api.Post($"{group.Path}/locations", Place)).Should(201);
        (
            await other.Owner.Api.WithHeader("Idempotency-Key", KeyOf(group)).Post($"{other.Path}/locations", Place)
        ).Should(201);
        Assert.Equal(2, (await other.Owner.Api.Get($"{other.Path}/locations")).Items.Count);
    }

    [Fact]
    public async Task Of_two_concurrent_requests_only_one_runs()
    {
        var (group, _, _) = await NewCall();
        var rounds = AtOnce.Rounds(16);
        for (var round = 0; round < rounds; round++)
        {
            var api = group.Owner.Api.WithHeader("Idempotency-Key", $"round-{round}");
            var answers = await Task.WhenAll(
                api.Post($"{group.Path}/locations", Place),
                api.Post($"{group.Path}/locations", Place)
            );
            Assert.Contains(answers, answer => answer.Status == 201);
            foreach (var answer in answers.Where(answer => answer.Status != 201))
                answer.Should(409, "idempotency.in_progress");
        }

        var app = await TestApp.StartedAsync();
        Assert.Equal(
            1L + rounds,
            await app.Owner.Scalar<long>("select count(*) from locations.locations where group_id = $1", group.Id)
        );
    }

    [Fact]
    public async Task An_error_is_not_stored_so_the_corrected_request_can_use_the_same_key()
    {
        var (group, api, _) = await NewCall();
        (await api.Post($"{group.Path}/locations", new { name = "", timeZone = "Europe/London" })).Should(400);
        (await api.Post($"{group.Path}/locations", Place)).Should(201);
    }

    [Fact]
    public async Task A_request_interrupted_after_its_commit_is_answered_and_does_not_run_again()
    {
        var (group, _, app) = await NewCall();
        await KeepsNoAnswers(app);
        var api = group.Owner.Api.WithHeader("Idempotency-Key", $"crash-{group.Id}");
        var first = (await api.Post($"{group.Path}/locations", Place)).Should(201);
        Assert.Equal(
            first["id"].GetString(),
            await app.Owner.Scalar<string>(
                """
                select answers -> '0:CreateLocation' ->> 'id' from idempotency.calls
                where user_id = $1 and status is null
                """,
                group.Owner.Id
            )
        );

        (await api.Post($"{group.Path}/locations", Place)).Should(409, "idempotency.in_progress");
        await PassesSinceTheStart(app, group, TimeSpan.FromSeconds(61));
        Assert.Equal(first.Text, (await api.Post($"{group.Path}/locations", Place)).Should(201).Text);
        Assert.Equal(2, (await api.Get($"{group.Path}/locations")).Items.Count);
    }

    [Fact]
    public async Task A_call_that_asks_for_a_proof_keeps_no_key_from_the_next_try()
    {
        var (group, api, app) = await NewCall();
        await app.VerificationEnds(group.Owner.Id);
        var wanted = new { kinds = new[] { "members" } };
        (await api.Post($"{group.Path}/exports", wanted)).Should(403, "auth.verification_required");
        (await group.Owner.Api.Post("/api/users/me/verify", new { password = group.Owner.Password })).Should(204);
        (await api.Post($"{group.Path}/exports", wanted)).Should(202);
    }

    [Fact]
    public async Task An_answer_is_kept_though_the_session_ended_during_the_call()
    {
        var (group, api, app) = await NewCall();
        await app.Owner.Execute(
            """
            create or replace function public.end_the_session() returns trigger security definer language plpgsql as
                $$ begin
                if new.name = 'Ends the session' then
                    delete from authority.sessions where user_id = authority.current_user_id();
                end if;
                return new; end $$;
            create or replace trigger end_the_session before insert on locations.locations
                for each row execute function public.end_the_session();
            """
        );
        var place = new { name = "Ends the session", timeZone = "Europe/London" };
        var first = (await api.Post($"{group.Path}/locations", place)).Should(201);
        (await api.Post($"{group.Path}/locations", place)).Should(401);

        var again = (await group.Owner.SignsInAgain()).Api.WithHeader("Idempotency-Key", KeyOf(group));
        Assert.Equal(first.Text, (await again.Post($"{group.Path}/locations", place)).Should(201).Text);
        Assert.Equal(2, (await again.Get($"{group.Path}/locations")).Items.Count);
    }

    /// <summary>An import may take 15 minutes: a repeat must not start a second one beside it.</summary>
    [Fact]
    public async Task A_request_is_given_up_after_its_own_time_limit()
    {
        var (group, _, app) = await NewCall();
        await KeepsNoAnswers(app);
        var api = group.Owner.Api.WithHeader("Idempotency-Key", $"crash-{group.Id}");
        (await Import()).Should(200);

        await PassesSinceTheStart(app, group, TimeSpan.FromMinutes(15));
        (await Import()).Should(409, "idempotency.in_progress");
        await PassesSinceTheStart(app, group, TimeSpan.FromSeconds(31));
        (await Import()).Should(200);

        Task<Answer> Import() =>
            api.Post(
                $"{group.Path}/members/import?dryRun=true",
                new StringContent(
                    "firstName,lastName,roleType,profession,email,accessLevel\nAda,Moss,administrator,receptionist,,reception",
                    new MediaTypeHeaderValue("text/csv")
                )
            );
    }

    [Fact]
    public async Task After_a_day_a_key_can_be_used_again()
    {
        var (group, api, app) = await NewCall();
        (await api.Post($"{group.Path}/locations", Place)).Should(201);
        await app.Owner.Execute(
            "update idempotency.calls set created_at = created_at - interval '25 hours' where user_id = $1",
            group.Owner.Id
        );
        (await api.Post($"{group.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/London" })).Should(201);
    }

    [Fact]
    public async Task An_invalid_key_is_400_only_for_an_authorized_caller()
    {
        const string key = "with blanks";
        var group = await NewGroup();
        var stranger = await NewGroup();
        var rejected = (
            await group.Owner.Api.WithHeader("Idempotency-Key", key).Post($"{group.Path}/locations", Place)
        ).Should(400, "request.invalid");
        Assert.True(rejected["errors"].TryGetProperty("Idempotency-Key", out _));
        (await stranger.Owner.Api.WithHeader("Idempotency-Key", key).Post($"{group.Path}/locations", Place)).Should(
            404
        );
        (
            await group
                .Owner.Api.WithToken("forged")
                .WithHeader("Idempotency-Key", key)
                .Post($"{group.Path}/locations", Place)
        ).Should(401);
        (
            await group
                .Owner.Api.WithHeader("Idempotency-Key", new string('k', 201))
                .Post($"{group.Path}/locations", Place)
        ).Should(400);
    }

    [Fact]
    public async Task A_deactivated_member_is_not_authorized_by_a_key()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("manager");
        var (answered, unused) = (
            member.Api.WithHeader("Idempotency-Key", "answered"),
            member.Api.WithHeader("Idempotency-Key", "unused")
        );
        (await answered.Post($"{group.Path}/locations", Place)).Should(201);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        (await answered.Post($"{group.Path}/locations", Place)).Should(404); // the answer that was kept
        (await unused.Post($"{group.Path}/locations", Place)).Should(404);
    }

    [Fact]
    public async Task Answers_with_secrets_are_not_stored()
    {
        var app = await TestApp.StartedAsync();
        var group = await NewGroup();
        var api = group.Owner.Api.WithHeader("Idempotency-Key", "two-factor");
        (await api.Post("/api/users/me/two-factor", new { password = group.Owner.Password })).Should(200);
        Assert.Equal(
            0L,
            await app.Owner.Scalar<long>("select count(*) from idempotency.calls where user_id = $1", group.Owner.Id)
        );
    }

    /// <summary>
    /// Leaves of each call with a key <c>crash-…</c> what a crash after its commit leaves: the answers of its commands,
    /// but not its own.
    /// </summary>
    private static Task<int> KeepsNoAnswers(TestApp app) =>
        app.Owner.Execute(
            """
            create or replace function public.fail_the_answer() returns trigger language plpgsql as $$ begin
                if new.status is not null and new.key like 'crash-%' then raise exception 'no answer is kept'; end if;
                return new; end $$;
            create or replace trigger fail_the_answer before update on idempotency.calls
                for each row execute function public.fail_the_answer();
            """
        );

    private static Task<int> PassesSinceTheStart(TestApp app, Group group, TimeSpan time) =>
        app.Owner.Execute(
            "update idempotency.calls set started_at = started_at - $2 where user_id = $1",
            group.Owner.Id,
            time
        );

    private static string KeyOf(Group group) => $"key-{group.Id}";

    private static async Task<(Group Group, ApiClient Api, TestApp App)> NewCall()
    {
        var group = await NewGroup();
        return (group, group.Owner.Api.WithHeader("Idempotency-Key", KeyOf(group)), await TestApp.StartedAsync());
    }

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
