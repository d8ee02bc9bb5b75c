using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;
using Practice.Contracts.Groups;
using Practice.Contracts.PatientPortal;
using Practice.Messages;
using Wolverine;
using Wolverine.Runtime;

namespace Practice.Users.Tests;

/// <summary>Notifications and emails about the patient portal.</summary>
[Collection(OwnHost.Collection)]
public sealed class PortalNotificationTests(OwnHost host)
{
    private const string Path = "/api/users/me/notifications";
    private const string Preferences = "/api/users/me/mail-preferences";

    private readonly TestApp _app = host.App;

    [Theory]
    [InlineData(PortalRole.View, "view only")]
    [InlineData(PortalRole.Edit, "view and edit")]
    public async Task A_request_for_access_says_who_asks_for_which_role_and_where_to_answer(
        PortalRole role,
        string inWords
    )
    {
        var person = await _app.SignUpAndConfirm();
        var asked = Requested(person) with { Role = role };

        var (shown, mail) = await Told(person, asked, "portalRequest");

        Assert.Equal(
            "Ida Moss asks for access to the patient portal of Robin Reed",
            shown.GetProperty("title").GetString()
        );
        Assert.Contains("ida@moss.test", shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Contains(inWords, shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Equal((asked.AccountId, asked.GrantId), AccountAndGrant(shown));
        Assert.False(shown.GetProperty("data").TryGetProperty("groupId", out _));
        Assert.Contains(
            $"Ida Moss (ida@moss.test) asks for access to the patient portal of Robin Reed: {inWords}.",
            mail.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("https://practice.test/portal/access", mail.Text, StringComparison.Ordinal);
        Assert.Null(mail.Token);
    }

    [Theory]
    [InlineData(PortalLevel.Administrative, "You see appointments and invoices.")]
    [InlineData(PortalLevel.Clinical, "You see appointments, invoices and clinical records.")]
    public async Task A_person_who_gets_access_is_told_what_they_see(PortalLevel level, string sentence)
    {
        var person = await _app.SignUpAndConfirm();
        var granted = Granted(person) with { Level = level };

        var (shown, mail) = await Told(person, granted, "portalGranted");

        Assert.Equal("You have access to the patient portal of Robin Reed", shown.GetProperty("title").GetString());
        Assert.Equal((granted.AccountId, granted.GrantId), AccountAndGrant(shown));
        Assert.Contains("view and edit", mail.Text, StringComparison.Ordinal);
        Assert.Contains(sentence, mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_loses_access_is_told()
    {
        var person = await _app.SignUpAndConfirm();
        var revoked = Revoked(person);

        var (shown, mail) = await Told(person, revoked, "portalRevoked");

        Assert.Equal(
            "Your access to the patient portal of Robin Reed has ended",
            shown.GetProperty("title").GetString()
        );
        Assert.Equal((revoked.AccountId, revoked.GrantId), AccountAndGrant(shown));
        Assert.Contains(
            "You can no longer open the patient portal of Robin Reed.",
            mail.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_guardian_who_asked_is_told_that_the_person_accepted()
    {
        var person = await _app.SignUpAndConfirm();
        var added = Added(person);

        var (shown, mail) = await Told(person, added, "guardianAdded");

        Assert.Equal("Ida Moss is now a guardian of Kim Reed", shown.GetProperty("title").GetString());
        Assert.Equal((added.AccountId, null), AccountAndGrant(shown));
        Assert.Contains("Ida Moss has accepted to be a guardian of Kim Reed", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_is_asked_to_be_a_guardian_can_answer_in_their_notifications()
    {
        var person = await _app.SignUpAndConfirm();
        var asked = new GuardianshipRequested(Guid.CreateVersion7(), person.Id, "Kim Reed", "Ida Moss");

        var (shown, mail) = await Told(person, asked, "guardianshipRequested");

        Assert.Equal("Ida Moss asks you to be a guardian of Kim Reed", shown.GetProperty("title").GetString());
        Assert.Equal(asked.GuardianshipId, shown.GetProperty("data").GetProperty("guardianshipId").GetGuid());
        Assert.False(shown.GetProperty("data").TryGetProperty("accountId", out _)); // unknown until they accept
        Assert.Contains("Accept or decline in your notifications", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guardians_are_told_before_the_person_takes_over()
    {
        var person = await _app.SignUpAndConfirm();
        var invited = new TakeoverInvited(Guid.CreateVersion7(), person.Id, "Kim Reed", "Harbour Clinic");

        var (shown, mail) = await Told(person, invited, "takeoverInvited");

        Assert.Equal(
            "Harbour Clinic invites Kim Reed to their own patient portal",
            shown.GetProperty("title").GetString()
        );
        Assert.Contains("If this seems wrong to you, call Harbour Clinic.", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_held_the_account_is_told_that_a_practice_unlinked_records()
    {
        var person = await _app.SignUpAndConfirm();
        var unlinked = new PatientUnlinked(Guid.CreateVersion7(), person.Id, "Tom Reed", "Tia", "Harbour Clinic");

        var (shown, mail) = await Told(person, unlinked, "patientUnlinked");

        Assert.Equal(
            "The records of Tia at Harbour Clinic are no longer linked",
            shown.GetProperty("title").GetString()
        );
        Assert.Contains("Tom Reed", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_that_a_practice_no_longer_uses_is_told()
    {
        var email = People.NewEmail();

        var mail = await Mailed(
            new PatientEmailChanged(Guid.CreateVersion7(), "Harbour Clinic", Guid.CreateVersion7(), email),
            email
        );

        Assert.Equal("Harbour Clinic no longer uses this email address", mail.Subject);
        Assert.DoesNotContain("@", mail.Text, StringComparison.Ordinal); // the new one is nobody else's business
    }

    [Theory]
    [InlineData(
        GuardianshipLimit.ClinicalSuspended,
        60,
        "Your access to the clinical records of Kim Reed ends on 1 March 2028",
        "access to clinical records ends"
    )]
    [InlineData(
        GuardianshipLimit.GuardianshipEnds,
        14,
        "Your guardianship of Kim Reed ends on 1 March 2028",
        "your guardianship of Kim Reed ends"
    )]
    public async Task A_guardian_is_told_in_advance_what_ends_and_when(
        GuardianshipLimit what,
        int days,
        string title,
        string sentence
    )
    {
        var person = await _app.SignUpAndConfirm();
        var ending = Ending(person) with { What = what, Days = days };

        var (shown, mail) = await Told(person, ending, "guardianshipEnding");

        Assert.Equal(title, shown.GetProperty("title").GetString());
        Assert.Equal((ending.AccountId, null), AccountAndGrant(shown));
        Assert.Equal(title, mail.Subject);
        Assert.Contains($"In {days} days, on 1 March 2028, ", mail.Text, StringComparison.Ordinal);
        Assert.Contains(sentence, mail.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_without_an_account_is_told_to_sign_up_for_a_shared_account()
    {
        var email = People.NewEmail();

        var mail = await Mailed(Offered(email), email);

        Assert.Equal("The patient portal of Robin Reed is shared with you", mail.Subject);
        Assert.Contains(
            "Sign up with this email address to get access: https://practice.test/sign-up",
            mail.Text,
            StringComparison.Ordinal
        );
        Assert.Null(mail.Token);
    }

    [Fact]
    public async Task An_address_without_an_account_is_asked_to_be_a_guardian()
    {
        var email = People.NewEmail();

        var mail = await Mailed(Offered(email) with { ForGuardian = true }, email);

        Assert.Equal("You are asked to be a guardian of Robin Reed", mail.Subject);
        Assert.Contains(
            "Sign up with this email address, then accept or decline in your notifications: https://practice.test/sign-up",
            mail.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Access_that_is_given_and_taken_again_and_again_sends_few_emails_and_uses_up_no_others()
    {
        var person = await _app.SignUpAndConfirm();
        var (granted, revoked, other) = (Granted(person), Revoked(person), Granted(person));
        revoked = revoked with { GrantId = granted.GrantId };
        for (var time = 0; time < 5; time++)
        {
            await _app.Publishes(granted);
            await _app.Publishes(revoked);
        }

        await _app.SettlesAsync();
        Assert.Equal(1 + 3, _app.Mail.To(person.Email).Count); // the first confirmed the sign-up
        await _app.Publishes(other);
        await _app.SettlesAsync();
        Assert.Equal(1 + 3 + 1, _app.Mail.To(person.Email).Count);
        Assert.Equal(11, (await person.Api.Get(Path)).Items.Count);
    }

    [Fact]
    public async Task Portal_emails_that_anyone_can_cause_stop_at_the_limit_of_the_address()
    {
        // The email that confirmed the sign-up has a limit of its own, and so has the one that resets a password.
        var (person, email) = (await _app.SignUpAndConfirm(), People.NewEmail());
        for (var number = 1; number <= 11; number++)
        {
            await _app.Publishes(Requested(person));
            await _app.Publishes(Offered(email));
        }

        await _app.SettlesAsync();

        Assert.Equal(11, _app.Mail.To(person.Email).Count);
        Assert.Equal(10, _app.Mail.To(email).Count);
        (await _app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        await _app.Mail.WaitFor(person.Email, mail => mail.Subject == "Set a new password");
        Assert.Equal(11, (await person.Api.Get(Path)).Items.Count);
    }

    [Fact]
    public async Task A_throwaway_practice_uses_up_no_warning_of_another()
    {
        var (person, throwaway) = (await _app.SignUpAndConfirm(), Guid.CreateVersion7());
        for (var number = 1; number <= 11; number++)
            await _app.Publishes(Changed(throwaway));
        await _app.SettlesAsync();
        Assert.Equal(1 + 10, _app.Mail.To(person.Email).Count); // the first confirmed the sign-up

        var clinic = Guid.CreateVersion7();
        await _app.Publishes(Changed(clinic));
        await _app.Publishes(
            new PatientUnlinked(Guid.CreateVersion7(), person.Id, "Tom Reed", "Tia", "Harbour Clinic", clinic)
        );
        await _app.Publishes(
            new TakeoverInvited(Guid.CreateVersion7(), person.Id, "Kim Reed", "Harbour Clinic", clinic)
        );
        await _app.SettlesAsync();
        Assert.Equal(1 + 10 + 3, _app.Mail.To(person.Email).Count);

        PatientEmailChanged Changed(Guid practice) =>
            new(practice, "Harbour Clinic", Guid.CreateVersion7(), person.Email);
    }

    [Fact]
    public async Task A_person_who_sends_much_uses_up_nothing_of_others()
    {
        var (person, email) = (await _app.SignUpAndConfirm(), People.NewEmail());
        var (stranger, friend) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        for (var number = 1; number <= 11; number++)
        {
            await _app.Publishes(Requested(person) with { SenderId = stranger });
            await _app.Publishes(Offered(email) with { SenderId = stranger });
        }

        await _app.SettlesAsync();
        Assert.Equal((1 + 10, 10), (_app.Mail.To(person.Email).Count, _app.Mail.To(email).Count));

        foreach (
            var happened in new IEvent[]
            {
                Requested(person) with
                {
                    SenderId = friend,
                },
                Granted(person) with
                {
                    SenderId = friend,
                },
                Revoked(person) with
                {
                    SenderId = friend,
                },
                new GuardianshipRequested(Guid.CreateVersion7(), person.Id, "Kim Reed", "Ida Moss", friend),
                Offered(email) with
                {
                    SenderId = friend,
                },
            }
        )
            await _app.Publishes(happened);
        await _app.SettlesAsync();
        Assert.Equal((1 + 10 + 4, 10 + 1), (_app.Mail.To(person.Email).Count, _app.Mail.To(email).Count));
    }

    [Fact]
    public async Task Switching_portal_emails_off_keeps_notifications_and_emails_to_addresses_without_accounts()
    {
        var person = await _app.SignUpAndConfirm();
        (
            await person.Api.Change(
                Preferences,
                new
                {
                    onboarding = true,
                    invitations = true,
                    memberships = true,
                    portal = false,
                }
            )
        ).Should(204);
        var before = _app.Mail.To(person.Email).Count;
        foreach (var what in ForAccounts(person))
            await _app.Publishes(what);
        await _app.SettlesAsync();
        Assert.Equal(before, _app.Mail.To(person.Email).Count);
        Assert.Equal(
            ["guardianAdded", "guardianshipEnding", "portalGranted", "portalRequest", "portalRevoked"],
            (await person.Api.Get(Path))
                .Items.Select(item => item.GetProperty("kind").GetString()!)
                .Order(StringComparer.Ordinal)
        );

        await _app.Publishes(Offered(person.Email));
        await _app.Publishes(await Invites(person.Email));
        await _app.Publishes(new MemberDeactivated(Guid.CreateVersion7(), "Harbour Clinic", person.Id));
        await _app.SettlesAsync();
        Assert.Equal(before + 3, _app.Mail.To(person.Email).Count);
    }

    [Fact]
    public async Task Portal_emails_continue_when_the_other_categories_are_off()
    {
        var person = await _app.SignUpAndConfirm();
        (
            await person.Api.Change(
                Preferences,
                new
                {
                    onboarding = false,
                    invitations = false,
                    memberships = false,
                }
            )
        ).Should(204);
        var before = _app.Mail.To(person.Email).Count;

        foreach (var what in ForAccounts(person))
            await _app.Publishes(what);
        await _app.SettlesAsync();

        Assert.Equal(before + 5, _app.Mail.To(person.Email).Count);
    }

    [Fact]
    public async Task An_event_handled_twice_is_one_notification_and_one_email()
    {
        foreach (var about in (Func<Person, IEvent>[])[Requested, Granted, Revoked, Added, Ending])
        {
            var person = await _app.SignUpAndConfirm();
            var before = _app.Mail.To(person.Email).Count;
            await HappensTwice(about(person));

            Assert.Single((await person.Api.Get(Path)).Items);
            Assert.Equal(before + 1, _app.Mail.To(person.Email).Count);
        }

        var (offered, invited) = (People.NewEmail(), People.NewEmail());
        await HappensTwice(Offered(offered));
        await HappensTwice(await Invites(invited));
        Assert.Single(_app.Mail.To(offered));
        Assert.Single(_app.Mail.To(invited));
    }

    [Fact]
    public async Task What_staff_are_told_is_one_notification_however_often_it_comes_and_no_email()
    {
        var person = await _app.SignUpAndConfirm();
        var mails = _app.Mail.To(person.Email).Count;
        IEvent[] all =
        [
            Asked(person),
            Cancelled(person),
            new PatientContactChanged(Guid.CreateVersion7(), "Harbour Clinic", Guid.CreateVersion7(), [person.Id]),
            new InvitationAnswered(
                Guid.CreateVersion7(),
                "Harbour Clinic",
                Guid.CreateVersion7(),
                "ida@moss.test",
                InvitationOutcome.Rejected,
                [person.Id]
            ),
        ];
        foreach (var happened in all)
            await HappensTwice(happened);

        Assert.Equal(
            [
                "ida@moss.test rejected the invitation to Harbour Clinic",
                "A patient of Harbour Clinic changed their contact details",
                "A patient cancelled the appointment of Thursday, 3 December 2026, 10:00 at Harbour Clinic",
                "A patient asks for an appointment at Harbour Clinic",
            ],
            (await person.Api.Get(Path)).Items.Select(item => item.GetProperty("title").GetString())
        );
        Assert.Equal(mails, _app.Mail.To(person.Email).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_patients_request_that_was_answered_is_read_also_if_that_is_heard_first(bool first)
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var asked = Asked(person) with { UserIds = [person.Id, other.Id] };
        var closed = new PatientRequestClosed(asked.GroupId, asked.RequestId, asked.UserIds);
        foreach (var happened in first ? (IEvent[])[closed, asked] : [asked, closed])
        {
            await _app.Publishes(happened);
            await _app.SettlesAsync();
        }

        foreach (var told in new[] { person, other })
        {
            var shown = Assert.Single((await told.Api.Get(Path)).Items);
            Assert.Equal("A patient asks for an appointment at Harbour Clinic", shown.GetProperty("title").GetString());
            Assert.NotEqual(JsonValueKind.Null, shown.GetProperty("readAt").ValueKind);
            Assert.Equal("closed", shown.GetProperty("data").GetProperty("status").GetString());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_for_access_that_was_decided_is_read_also_if_that_is_heard_first(bool first)
    {
        var person = await _app.SignUpAndConfirm();
        var before = _app.Mail.To(person.Email).Count;
        var asked = Requested(person);
        var closed = new PortalAccessRequestClosed(asked.AccountId, asked.GrantId, person.Id);
        foreach (var happened in first ? (IEvent[])[closed, asked] : [asked, closed])
        {
            await _app.Publishes(happened);
            await _app.SettlesAsync();
        }

        var shown = Assert.Single((await person.Api.Get(Path)).Items);
        Assert.StartsWith("Ida Moss asks for access", shown.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(JsonValueKind.Null, shown.GetProperty("readAt").ValueKind);
        Assert.Equal((asked.AccountId, asked.GrantId), AccountAndGrant(shown));
        Assert.Equal(first ? 0 : 1, _app.Mail.To(person.Email).Count - before);
    }

    [Fact]
    public async Task An_event_about_an_unknown_person_notifies_nobody()
    {
        var nobody = Guid.CreateVersion7();
        await _app.Publishes(
            new PortalAccessRevoked(Guid.CreateVersion7(), Guid.CreateVersion7(), nobody, "Robin Reed")
        );
        await _app.SettlesAsync();
        Assert.Equal(0, await _app.Count("notifications", "account_id = $1", nobody));
    }

    [Theory]
    [InlineData(false, "Harbour Clinic invites you to see appointments")]
    [InlineData(true, "Harbour Clinic invites you, as the guardian of one of its patients, to see their appointments")]
    public async Task An_invitation_names_the_practice_and_has_a_link_issued_for_this_email(
        bool forGuardian,
        string sentence
    )
    {
        var email = People.NewEmail();
        var invited = await Invites(email, forGuardian);

        var mail = await Mailed(invited, email);

        Assert.StartsWith("Harbour Clinic invites you to the patient portal", mail.Subject, StringComparison.Ordinal);
        Assert.Contains(sentence, mail.Text, StringComparison.Ordinal);
        Assert.Contains(
            $"https://practice.test/portal/claim?token={Uri.EscapeDataString(mail.Token!)}",
            mail.Text,
            StringComparison.Ordinal
        );
        Assert.Equal(
            AuthorizationRequest.Hash(mail.Token!),
            await _app.Owner.Scalar<string>(
                "select token_hash from portal.patient_invitations where id = $1",
                invited.InvitationId
            )
        );
        Assert.Equal(
            0,
            await _app.Owner.Scalar<long>(
                """
                select count(*) from messaging.wolverine_incoming_envelopes
                where position(convert_to($1, 'UTF8') in body) > 0
                """,
                mail.Token!
            )
        );
    }

    [Fact]
    public async Task A_patient_invitation_that_is_claimed_or_unknown_in_that_group_is_not_emailed()
    {
        var (claimed, elsewhere) = (People.NewEmail(), People.NewEmail());
        var done = await Invites(claimed);
        await _app.Owner.Execute(
            "update portal.patient_invitations set claimed_at = now() where id = $1",
            done.InvitationId
        );
        await _app.Publishes(done);
        await _app.Publishes(await Invites(elsewhere) with { GroupId = Guid.CreateVersion7() });

        await _app.SettlesAsync();

        Assert.Empty(_app.Mail.To(claimed));
        Assert.Empty(_app.Mail.To(elsewhere));
        Assert.Equal(
            0,
            await _app.Owner.Scalar<long>(
                "select count(*) from messaging.wolverine_dead_letters where message_type like '%DeliverMail%'"
            )
        );
    }

    [Fact]
    public async Task The_data_of_a_notification_about_a_group_keeps_its_format()
    {
        var (person, group) = (await _app.SignUpAndConfirm(), Guid.CreateVersion7());
        await _app.Publishes(new MemberAccessChanged(group, "Harbour Clinic", person.Id));
        await _app.SettlesAsync();

        var shown = Assert.Single((await person.Api.Get(Path)).Items);

        Assert.Equal(
            $$"""{"groupId":"{{group}}","invitationId":null,"status":null,"expiresAt":null}""",
            shown.GetProperty("data").GetRawText()
        );
    }

    private static PortalAccessRequested Requested(Person holder) =>
        new(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            holder.Id,
            "Robin Reed",
            "Ida Moss",
            "ida@moss.test",
            PortalRole.View
        );

    private static PatientRequestSent Asked(Person member) =>
        new(
            Guid.CreateVersion7(),
            "Harbour Clinic",
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            PatientRequestKind.Appointment,
            new DateOnly(2026, 12, 3),
            [member.Id]
        );

    private static AppointmentCancelled Cancelled(Person member) =>
        new(
            Guid.CreateVersion7(),
            "Harbour Clinic",
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            new DateTimeOffset(2026, 12, 2, 23, 0, 0, TimeSpan.Zero),
            "Australia/Melbourne",
            ByPatient: true,
            [member.Id]
        );

    private static PortalAccessGranted Granted(Person person) =>
        new(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            person.Id,
            "Robin Reed",
            PortalRole.Edit,
            PortalLevel.Clinical
        );

    private static PortalAccessRevoked Revoked(Person person) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), person.Id, "Robin Reed");

    private static PortalAccessOffered Offered(string email) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), email, "Robin Reed");

    private static GuardianAdded Added(Person guardian) =>
        new(Guid.CreateVersion7(), guardian.Id, "Kim Reed", "Ida Moss");

    private static GuardianshipEnding Ending(Person guardian) =>
        new(
            Guid.CreateVersion7(),
            guardian.Id,
            "Kim Reed",
            GuardianshipLimit.GuardianshipEnds,
            new DateOnly(2028, 3, 1),
            60
        );

    private static IEvent[] ForAccounts(Person person) =>
        [Requested(person), Granted(person), Revoked(person), Added(person), Ending(person)];

    /// <summary>An invitation as the portal stores and publishes it.</summary>
    private async Task<PatientInvited> Invites(string email, bool forGuardian = false)
    {
        var invited = new PatientInvited(
            Guid.CreateVersion7(),
            "Harbour Clinic",
            Guid.CreateVersion7(),
            email,
            forGuardian
        );
        await _app.Owner.Execute(
            """
            with patient as (
                insert into portal.patients
                    (id, group_id, practice_name, first_name, last_name, date_of_birth, added_by_id, added_at)
                values (gen_random_uuid(), $2, $3, 'Kim', 'Reed', '2015-05-05', gen_random_uuid(), $6) returning id)
            insert into portal.patient_invitations
                (id, group_id, patient_id, email, normalized_email, for_guardian, created_at)
            select $1, $2, id, $4, upper($4), $5, $6 from patient
            """,
            invited.InvitationId,
            invited.GroupId,
            invited.PracticeName,
            email,
            forGuardian,
            _app.Clock.GetUtcNow()
        );
        return invited;
    }

    private async Task<(JsonElement Shown, TestKit.Mail Mail)> Told(Person person, IEvent what, string kind)
    {
        var before = _app.Mail.To(person.Email);
        await _app.Publishes(what);
        await _app.SettlesAsync();

        var shown = Assert.Single((await person.Api.Get(Path)).Should(200).Items);
        Assert.Equal(kind, shown.GetProperty("kind").GetString());
        return (shown, Assert.Single(_app.Mail.To(person.Email).Except(before)));
    }

    private async Task<TestKit.Mail> Mailed(IEvent what, string email)
    {
        await _app.Publishes(what);
        await _app.SettlesAsync();
        return Assert.Single(_app.Mail.To(email));
    }

    private static (Guid AccountId, Guid? GrantId) AccountAndGrant(JsonElement shown)
    {
        var data = shown.GetProperty("data");
        return (
            data.GetProperty("accountId").GetGuid(),
            data.TryGetProperty("grantId", out var grant) ? grant.GetGuid() : null
        );
    }

    /// <summary>Delivers the same message, with the same id, again, without the mark that it was handled.</summary>
    private async Task HappensTwice(IEvent what)
    {
        var type = what.GetType().Name;
        var handled =
            $"messaging.wolverine_incoming_envelopes where status = 'Handled' and message_type like '%{type}'";
        await _app.Owner.Execute($"delete from {handled}");
        await _app.Publishes(what);
        await _app.SettlesAsync();

        var first = Assert.Single(await _app.Owner.Rows($"delete from {handled} returning id, received_at"));
        var queue = _app
            .Services.GetRequiredService<IWolverineRuntime>()
            .Endpoints.GetOrBuildSendingAgent(new Uri((string)first[1]!));
        await queue.StoreAndForwardAsync(
            new Envelope(what)
            {
                Id = (Guid)first[0]!,
                Destination = queue.Destination,
                Serializer = queue.Endpoint.DefaultSerializer,
            }
        );
        await _app.SettlesAsync();

        Assert.Equal(first[0], await _app.Owner.Scalar<Guid>($"select id from {handled}"));
    }
}
