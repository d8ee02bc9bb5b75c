using System.Net.Http.Headers;

namespace Practice.Groups.Tests;

/// <summary>Every guard holds when two requests arrive at once, tried again and again.</summary>
public sealed class TwoAtOnceTests
{
    private static readonly int Rounds = AtOnce.Rounds(16);

    [Fact]
    public async Task Two_owners_who_step_down_at_once_leave_one_behind()
    {
        var group = await NewGroup();
        var second = await group.WelcomesNewPerson();
        for (var round = 0; round < Rounds; round++)
        {
            (
                await group.Owner.Api.Put(
                    $"{group.Path}/members/{second.Id}/access",
                    new { accessLevel = "full", owner = true },
                    "*"
                )
            ).Should(204);
            var answers = await Task.WhenAll(
                group.Owner.Api.Put(
                    $"{group.Path}/members/{group.Owner.Id}/access",
                    new { accessLevel = "full", owner = false },
                    "*"
                ),
                second.Api.Put(
                    $"{group.Path}/members/{second.Id}/access",
                    new { accessLevel = "full", owner = false },
                    "*"
                )
            );
            Assert.Equal([204, 409], answers.Select(answer => answer.Status).Order());

            if (answers[0].Status == 204)
                (
                    await second.Api.Put(
                        $"{group.Path}/members/{group.Owner.Id}/access",
                        new { accessLevel = "full", owner = true },
                        "*"
                    )
                ).Should(204);
        }
    }

    [Fact]
    public async Task Two_owners_who_deactivate_each_other_at_once_leave_one_active()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var group = await NewGroup();
            var second = await group.WelcomesNewPerson();
            (
                await group.Owner.Api.Put(
                    $"{group.Path}/members/{second.Id}/access",
                    new { accessLevel = "full", owner = true },
                    "*"
                )
            ).Should(204);
            var answers = await Task.WhenAll(
                group.Owner.Api.Post($"{group.Path}/members/{second.Id}/deactivate"),
                second.Api.Post($"{group.Path}/members/{group.Owner.Id}/deactivate")
            );
            Assert.Single(answers, answer => answer.Status == 204);
            Assert.Equal(
                1L,
                await (await TestApp.StartedAsync()).Owner.Scalar<long>(
                    "select count(*) from groups.memberships where group_id = $1 and is_owner and status = 'Active'",
                    group.Id
                )
            );
        }
    }

    [Fact]
    public async Task Two_owners_who_leave_at_once_leave_one_behind()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var group = await NewGroup();
            var second = await group.WelcomesNewPerson();
            (
                await group.Owner.Api.Put(
                    $"{group.Path}/members/{second.Id}/access",
                    new { accessLevel = "full", owner = true },
                    "*"
                )
            ).Should(204);
            var answers = await Task.WhenAll(
                group.Owner.Api.Post($"{group.Path}/members/me/leave"),
                second.Api.Post($"{group.Path}/members/me/leave")
            );
            Assert.Single(answers, answer => answer.Status == 204);
            Assert.Single(answers, answer => answer.Code == "groups.last_owner");
        }
    }

    [Fact]
    public async Task The_password_of_the_call_that_succeeded_is_the_one_that_signs_in()
    {
        var group = await NewGroup();
        var second = await group.AddsNewPerson("manager");
        for (var round = 0; round < Rounds; round++)
        {
            var (email, passwords) = (
                People.NewEmail(),
                new[] { People.NewPassword(), People.NewPassword(), "passwordpassword" }
            );
            var answers = await Task.WhenAll(
                group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", passwords[0])),
                second.Api.Post($"{group.Path}/members", Group.Member(email, "reception", passwords[1])),
                group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", passwords[2]))
            );

            Assert.All(answers, answer => Assert.True(answer.Status is 201 or 409 or 400, answer.ToString()));
            // Each may have given way to a later one, and the last may have failed. Then a repeat completes it.
            if (!answers.Any(answer => answer.Status == 201))
                answers[0] = (
                    await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", passwords[0]))
                ).Should(201);
            var added = Assert.Single(Enumerable.Range(0, 3), index => answers[index].Status == 201);
            await group.Host.SignIn(email, passwords[added]);
        }
    }

    [Fact]
    public async Task A_new_person_added_twice_at_once_is_one_member_with_one_account()
    {
        var group = await NewGroup();
        for (var round = 0; round < Rounds; round++)
        {
            var email = People.NewEmail();
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 2)
                    .Select(_ =>
                        group.Owner.Api.Post(
                            $"{group.Path}/members",
                            Group.Member(email, "reception", "a good long password")
                        )
                    )
            );
            Assert.Contains(answers, answer => answer.Status == 201);
            Assert.All(answers, answer => Assert.True(answer.Status is 201 or 409, answer.ToString()));
            Assert.Single((await group.Owner.Api.Get($"{group.Path}/members?search={email}")).Items);
            Assert.Equal(0, await ReservationsOf(group));
        }
    }

    [Fact]
    public async Task A_new_person_added_by_two_groups_at_once_gets_one_account()
    {
        var (first, second) = (await NewGroup(), await NewGroup());
        for (var round = 0; round < Rounds; round++)
        {
            var email = People.NewEmail();
            var answers = await Task.WhenAll(
                new[] { first, second }.Select(group =>
                    group.Owner.Api.Post(
                        $"{group.Path}/members",
                        Group.Member(email, "reception", "a good long password")
                    )
                )
            );
            Assert.True(
                answers.Select(answer => answer.Status).Order().SequenceEqual([201, 422]),
                string.Join('\n', answers.Select(answer => answer.ToString()))
            );
        }
    }

    [Fact]
    public async Task Two_files_with_the_same_new_people_at_once_add_each_of_them_once()
    {
        var group = await NewGroup();
        for (var round = 0; round < Rounds; round++)
        {
            var emails = Enumerable.Range(0, 10).Select(_ => People.NewEmail()).ToList();
            var reports = await Task.WhenAll(Import(group, emails), Import(group, Enumerable.Reverse(emails)));

            Assert.All(reports.SelectMany(report => report.Items), row =>
                Assert.True(
                    row.GetProperty("verdict").GetString() is "accepted" or "unchanged"
                        || row.GetProperty("code").GetString() == "groups.being_added",
                    row.ToString()
                )
            );
            foreach (var email in emails)
                Assert.Single((await group.Owner.Api.Get($"{group.Path}/members?search={email}")).Items);
            Assert.Equal(0, await ReservationsOf(group));
        }
    }

    [Fact]
    public async Task New_people_in_the_files_of_two_groups_at_once_join_one_and_are_invited_to_the_other()
    {
        var (first, second) = (await NewGroup(), await NewGroup());
        var app = await TestApp.StartedAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var emails = Enumerable.Range(0, 10).Select(_ => People.NewEmail()).ToList();
            var reports = await Task.WhenAll(Import(first, emails), Import(second, Enumerable.Reverse(emails)));

            Assert.All(reports.SelectMany(report => report.Items), row =>
                Assert.Equal("accepted", row.GetProperty("verdict").GetString())
            );
            Assert.Equal(
                (emails.Count, emails.Count),
                (
                    (int)await CountAsync("groups.memberships", emails),
                    (int)await CountAsync("groups.invitations", emails)
                )
            );
        }

        Task<long> CountAsync(string table, List<string> emails) =>
            app.Owner.Scalar<long>($"select count(*) from {table} where email = any ($1)", (object)emails.ToArray());
    }

    [Fact]
    public async Task A_person_invited_twice_at_once_has_one_invitation()
    {
        var group = await NewGroup();
        for (var round = 0; round < Rounds; round++)
        {
            var person = await group.Host.SignUpAndConfirm();
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 2)
                    .Select(_ => group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception")))
            );
            Assert.Equal([201, 409], answers.Select(answer => answer.Status).Order());
            Assert.Single((await person.Api.Get("/api/invitations")).Items);
        }
    }

    [Fact]
    public async Task An_invitation_accepted_and_rejected_at_once_is_answered_once()
    {
        var group = await NewGroup();
        for (var round = 0; round < Rounds; round++)
        {
            var person = await group.Host.SignUpAndConfirm();
            var id = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception")))
                .Should(201)["invitationId"]
                .GetGuid();
            var answers = await Task.WhenAll(
                person.Api.Post($"/api/invitations/{id}/accept"),
                person.Api.Post($"/api/invitations/{id}/reject")
            );
            Assert.Equal([204, 409], answers.Select(answer => answer.Status).Order());
            Assert.Equal(answers[0].Status == 204 ? 200 : 404, (await person.Api.Get($"{group.Path}/members")).Status);
        }
    }

    [Fact]
    public async Task Of_two_editors_with_the_same_version_one_wins()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson();
        var path = $"{group.Path}/members/{member.Id}/access";
        for (var round = 0; round < Rounds; round++)
        {
            var tag = (await group.Owner.Api.Get(path)).ETag;
            var answers = await Task.WhenAll(
                group.Owner.Api.Put(
                    path,
                    new { accessLevel = "billing", settings = new { exportData = round % 2 == 0 } },
                    tag
                ),
                group.Owner.Api.Put(
                    path,
                    new { accessLevel = "manager", settings = new { exportData = round % 2 == 0 } },
                    tag
                )
            );
            Assert.Equal([204, 412], answers.Select(answer => answer.Status).Order());
        }
    }

    /// <summary>They share connections, and Npgsql gives a reader that is closed to the next call on its own.</summary>
    [Fact]
    public async Task Calls_that_are_denied_leave_others_answers_whole()
    {
        var (own, others) = (await NewGroup(), await NewGroup());
        await own.WelcomesNewPerson();
        var calls = Enumerable.Range(0, 16).Select(number => number % 2 == 0 ? own : others);
        await Task.WhenAll(
            calls.Select(async group =>
            {
                for (var round = 0; round < Rounds * 6; round++)
                    if (group == own)
                        Assert.Equal(2, (await own.Owner.Api.Get($"{own.Path}/members")).Should(200).Items.Count);
                    else
                        (await own.Owner.Api.Get($"{others.Path}/members")).Should(404, "request.not_found");
            })
        );
    }

    private static async Task<long> ReservationsOf(Group group) =>
        await (await TestApp.StartedAsync()).Owner.Scalar<long>(
            "select count(*) from groups.reservations where group_id = $1",
            group.Id
        );

    private static async Task<Answer> Import(Group group, IEnumerable<string> emails)
    {
        string[] rows =
        [
            "firstName,lastName,roleType,profession,email,accessLevel",
            .. emails.Select(email => $"Ada,Moss,administrator,receptionist,{email},reception"),
        ];
        using var file = new StringContent(string.Join('\n', rows), new MediaTypeHeaderValue("text/csv"));
        return (await group.Owner.Api.Post($"{group.Path}/members/import", file)).Should(200);
    }

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
