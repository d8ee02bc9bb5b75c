using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Practice.Contracts.Groups;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.Tests;

/// <summary>The emails of the first week. The host's clock is moved forward.</summary>
[Collection(OwnHost.Collection)]
public sealed class OnboardingTests(OwnHost host)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task After_a_person_first_joins_a_group_emails_go_out_on_days_1_3_and_7()
    {
        var person = await Joins();
        foreach (
            var (days, mails) in ((double, int)[])[(0.9, 0), (0.2, 1), (1.8, 1), (0.2, 2), (3.8, 2), (0.2, 3), (30, 3)]
        )
            await PassesAndHas(person, Day * days, mails);
        Assert.Equal(
            1,
            await _app.Count("onboarding", "account_id = $1 and ended_at is not null and steps_done = 3", person.Id)
        );
    }

    [Fact]
    public async Task Only_the_first_group_starts_the_series()
    {
        var person = await Joins();
        await PassesAndHas(person, Day * 8, 1);
        await _app.Publishes(new MemberJoined(Guid.CreateVersion7(), "Hill Clinic", person.Id, AccountIsNew: false));
        await PassesAndHas(person, Day * 8, 1);
    }

    [Fact]
    public async Task A_missed_step_is_skipped_and_the_next_one_is_on_time()
    {
        var person = await Joins();
        await PassesAndHas(person, Day * 4, 1);
        Assert.Equal("Keep your account safe", Assert.Single(Onboarding(person)).Subject);
        await PassesAndHas(person, Day * 3.1, 2);
    }

    [Fact]
    public async Task Deactivation_ends_the_series_in_the_first_group_and_not_in_another()
    {
        var (person, group) = (await _app.SignUpAndConfirm(), Guid.CreateVersion7());
        await Joins(person, group);
        await _app.Publishes(new MemberDeactivated(Guid.CreateVersion7(), "Hill Clinic", person.Id));
        await PassesAndHas(person, Day * 1.1, 1);
        await _app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await PassesAndHas(person, Day * 30, 1);
    }

    [Fact]
    public async Task Deactivation_that_is_handled_before_the_joining_ends_the_series_too()
    {
        var (person, group) = (await _app.SignUpAndConfirm(), Guid.CreateVersion7());
        await _app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await _app.SettlesAsync();
        await Joins(person, group);
        await PassesAndHas(person, Day * 30, 0);
    }

    [Fact]
    public async Task A_step_handled_twice_is_one_email_with_a_fixed_id()
    {
        var person = await Joins();
        await PassesAndHas(person, Day * 1.1, 1);
        var mail = Assert.Single(Onboarding(person)).File;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Send(new SendOnboardingEmail(person.Id, 0))));
        await PassesAndHas(person, TimeSpan.Zero, 1);

        // As if the step had never been done.
        await _app.Owner.Execute("update users.onboarding set steps_done = 0 where account_id = $1", person.Id);
        await Send(new SendOnboardingEmail(person.Id, 0));
        await PassesAndHas(person, TimeSpan.Zero, 1);
        Assert.Equal(mail, Assert.Single(Onboarding(person)).File);

        async Task Send(SendOnboardingEmail message)
        {
            await using var scope = _app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(message);
        }
    }

    [Fact]
    public async Task The_unsubscribe_link_ends_the_series_without_signing_in_and_can_be_followed_again()
    {
        var person = await Joins();
        await PassesAndHas(person, Day * 1.1, 1);
        var mail = Assert.Single(Onboarding(person));
        Assert.Contains("https://practice.test/unsubscribe?token=", mail.Text, StringComparison.Ordinal);
        using (var message = await MimeMessage.LoadAsync(mail.File))
            Assert.Equal(
                $"<https://practice.test/unsubscribe/one-click?category=onboarding&token={mail.Token}>",
                message.Headers[HeaderId.ListUnsubscribe]
            );

        // A reset uses up the account's other links.
        (await _app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        var reset = (await _app.Mail.WaitFor(person.Email, "new password")).Token;
        (
            await _app.Api.Post("/api/users/reset-password", new { token = reset, password = People.NewPassword() })
        ).Should(204);

        for (var time = 1; time <= 2; time++)
            (await _app.Api.Post("/api/users/unsubscribe", new { token = mail.Token })).Should(204);
        (await _app.Api.Post("/api/users/unsubscribe", new { token = "never-sent" })).Should(422, "users.link_invalid");
        (await _app.Api.Post("/api/users/unsubscribe", new { token = reset })).Should(422, "users.link_invalid");
        (
            await _app.Api.Post(
                "/api/users/reset-password",
                new { token = mail.Token, password = People.NewPassword() }
            )
        ).Should(422, "users.link_invalid");

        await PassesAndHas(person, Day * 30, 1);
        Assert.Equal(
            1,
            await _app.Count(
                "mail_preferences",
                "account_id = $1 and not onboarding and invitations and memberships",
                person.Id
            )
        );
        Assert.Equal(1, await _app.Audited(person.Id, "users.unsubscribed"));
    }

    [Fact]
    public async Task A_killed_host_continues_the_series_where_it_was()
    {
        var (database, data) = (await TestServer.NewDatabaseAsync(), TestFolder.New("onboarding"));
        var settings = new Dictionary<string, string?> { ["ConnectionStrings:Practice"] = database };
        var (sql, email) = (new Sql(database), People.NewEmail());
        await using (var killed = await HostProcess.StartAsync(data, settings))
        {
            var group = await (await killed.SignUpAndConfirm()).CreatesGroup();
            (
                await group.Owner.Api.Post(
                    $"{group.Path}/members",
                    Group.Member(email, "reception", People.NewPassword())
                )
            ).Should(201);
            await Eventually.Is(async () => await Scheduled() == 2); // the owner is a new member too
            await killed.KillAsync();
        }

        await sql.Execute(
            """
            update messaging.wolverine_incoming_envelopes set execution_time = execution_time - interval '25 hours'
            where status = 'Scheduled'
            """
        );
        await sql.Execute("update users.onboarding set joined_at = joined_at - interval '25 hours'");
        await using var restarted = await HostProcess.StartAsync(data, settings);

        await restarted.Mail.WaitFor(email, "Your first days at");
        await Eventually.Is(async () => await Scheduled() == 2); // the owner is a new member too
        Assert.Single(restarted.Mail.To(email), mail =>
            mail.Subject.StartsWith("Your first days at", StringComparison.Ordinal)
        );

        Task<long> Scheduled() =>
            sql.Scalar<long>(
                """
                select count(*) from messaging.wolverine_incoming_envelopes
                where status = 'Scheduled' and message_type like '%SendOnboarding'
                """
            );
    }

    private async Task<Person> Joins() => await Joins(await _app.SignUpAndConfirm(), Guid.CreateVersion7());

    private async Task<Person> Joins(Person person, Guid group)
    {
        await _app.Publishes(new MemberJoined(group, "Harbour Clinic", person.Id, AccountIsNew: false));
        await _app.SettlesAsync();
        return person;
    }

    private async Task PassesAndHas(Person person, TimeSpan time, int mails)
    {
        await _app.PassesAsync(time);
        Assert.Equal(mails, Onboarding(person).Count);
    }

    private List<TestKit.Mail> Onboarding(Person person) =>
        [
            .. _app
                .Mail.To(person.Email)
                .Where(mail => mail.Text.Contains("/unsubscribe?token=", StringComparison.Ordinal)),
        ];
}
