using Practice.Contracts.Groups;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Webhooks;
using Practice.PatientPortal.Domain.Patients;
using Practice.Shared.Http;
using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Domain.Tests;

/// <summary>Accounts, from sign-ups and from practices that add people.</summary>
public sealed class AccountTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 5, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_sign_up_keeps_the_email_as_typed_and_compares_it_without_case()
    {
        var id = Guid.CreateVersion7();
        var signUp = PendingSignUp.Begin(id, " ", " Ada ", " Moss ", " Ada@Practice.test ", "hash", Now);
        Assert.Equal(
            (id, null, "Ada", "Moss", "Ada@Practice.test", "ADA@PRACTICE.TEST", "hash", Now),
            (
                signUp.Id,
                signUp.Title,
                signUp.FirstName,
                signUp.LastName,
                signUp.Email,
                signUp.NormalizedEmail,
                signUp.PasswordHash,
                signUp.CreatedAt
            )
        );
        Assert.Equal("Dr", PendingSignUp.Begin(id, " Dr ", "Ada", "Moss", "a@b.test", "hash", Now).Title);
        // Initials only: nobody can have their own text emailed to another person.
        Assert.Equal("1 March 2026, 09:05 UTC, initials A. M.", signUp.Description);
    }

    [Fact]
    public void A_confirmed_sign_up_is_an_account_of_its_own()
    {
        var signUp = PendingSignUp.Begin(Guid.CreateVersion7(), "Dr", "Ada", "Moss", "Ada@practice.test", "hash", Now);
        var account = Account.SignedUp(signUp, Now + Tick);
        Assert.Equal(
            (signUp.Id, "Ada@practice.test", "ADA@PRACTICE.TEST", true, "hash"),
            (account.Id, account.Email, account.NormalizedEmail, account.EmailConfirmed, account.PasswordHash)
        );
        Assert.Equal(
            ("Dr", "Ada", "Moss", Now + Tick),
            (account.Title, account.FirstName, account.LastName, account.CreatedAt)
        );
        Assert.Equal(
            (false, null, null, false),
            (
                account.MustChangePassword,
                account.TemporaryPasswordExpiresAt,
                account.AddedByGroupId,
                account.IsUntouched
            )
        );
        Assert.False(account.PasswordHasExpired(Now.AddYears(9)));
        Assert.False(string.IsNullOrEmpty(account.SecurityStamp));
    }

    [Fact]
    public void An_added_person_has_a_temporary_password_for_seven_days_and_an_unconfirmed_email()
    {
        var (id, group) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var account = Account.Added(id, group, " Ada@Practice.test ", " ", " Ada ", " Moss ", "hash", 2, Now);
        Assert.Equal(
            (id, "Ada@Practice.test", "ADA@PRACTICE.TEST", false, "hash"),
            (account.Id, account.Email, account.NormalizedEmail, account.EmailConfirmed, account.PasswordHash)
        );
        Assert.Equal(
            (null, "Ada", "Moss", group, 2, Now),
            (
                account.Title,
                account.FirstName,
                account.LastName,
                account.AddedByGroupId,
                account.AddedAttempt,
                account.CreatedAt
            )
        );
        Assert.True(account.MustChangePassword);
        Assert.True(account.IsUntouched);
        Assert.Equal(Now.AddDays(7), account.TemporaryPasswordExpiresAt);
        Assert.False(account.PasswordHasExpired(Now.AddDays(7) - Tick));
        Assert.True(account.PasswordHasExpired(Now.AddDays(7)));
        Assert.False(string.IsNullOrEmpty(account.SecurityStamp));
    }

    [Fact]
    public void A_chosen_password_is_not_temporary_and_changes_the_security_stamp()
    {
        var account = Added();
        var stamp = account.SecurityStamp;
        account.ChoosePassword("own");
        Assert.Equal(
            ("own", false, null),
            (account.PasswordHash, account.MustChangePassword, account.TemporaryPasswordExpiresAt)
        );
        Assert.False(account.IsUntouched); // the adding group may no longer correct it
        Assert.NotEqual(stamp, account.SecurityStamp);
    }

    [Fact]
    public void A_reissued_temporary_password_works_for_seven_days_from_then()
    {
        var account = Added();
        account.ChoosePassword("own");
        var stamp = account.SecurityStamp;
        account.SetTemporaryPassword("another", Now.AddDays(30));
        Assert.Equal(
            ("another", true, Now.AddDays(37)),
            (account.PasswordHash, account.MustChangePassword, account.TemporaryPasswordExpiresAt)
        );
        Assert.NotEqual(stamp, account.SecurityStamp);
        account.AddAgain(null, 5, Now.AddDays(40));
        Assert.Equal(
            (null, 5, Now.AddDays(47)),
            (account.PasswordHash, account.AddedAttempt, account.TemporaryPasswordExpiresAt)
        );
    }

    [Fact]
    public void An_account_with_a_confirmed_email_is_no_longer_untouched()
    {
        var account = Added();
        account.ConfirmEmail();
        Assert.True(account.EmailConfirmed);
        Assert.False(account.IsUntouched);
    }

    [Fact]
    public void A_changed_email_and_name_are_kept_as_typed_without_surrounding_space()
    {
        var account = Added();
        var stamp = account.SecurityStamp;
        var change = EmailChange.Begin(account.Id, " New@Practice.test ", Now);
        Assert.Equal(
            (account.Id, "New@Practice.test", "NEW@PRACTICE.TEST", Now),
            (change.AccountId, change.NewEmail, change.NormalizedEmail, change.CreatedAt)
        );
        Assert.NotEqual(Guid.Empty, change.Id);
        account.ChangeEmail(change);
        Assert.Equal(("New@Practice.test", "NEW@PRACTICE.TEST"), (account.Email, account.NormalizedEmail));
        Assert.NotEqual(stamp, account.SecurityStamp);
        account.Rename(" Prof ", " Eva ", " Lund ");
        Assert.Equal(("Prof", "Eva", "Lund"), (account.Title, account.FirstName, account.LastName));
        account.Rename("", "Eva", "Lund");
        Assert.Null(account.Title);
    }

    private static Account Added() =>
        Account.Added(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            "ada@practice.test",
            null,
            "Ada",
            "Moss",
            "hash",
            1,
            Now
        );
}

/// <summary>Sessions, tokens, links and sign-in attempts: what works and for how long.</summary>
public sealed class SessionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_session_lasts_thirty_days_from_its_last_refresh()
    {
        var (id, account) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var session = Session.Open(id, account, "a phone", secondFactorShown: true, Now);
        Assert.Equal(
            (id, account, "a phone", true, Now, Now, Now.AddDays(30)),
            (
                session.Id,
                session.AccountId,
                session.Device,
                session.SecondFactorShown,
                session.CreatedAt,
                session.LastSeenAt,
                session.ExpiresAt
            )
        );
        Assert.True(session.IsOpen(Now.AddDays(30) - Tick));
        Assert.False(session.IsOpen(Now.AddDays(30)));
        session.Seen(Now.AddDays(29));
        Assert.Equal((Now.AddDays(29), Now.AddDays(59)), (session.LastSeenAt, session.ExpiresAt));
        Assert.True(session.IsOpen(Now.AddDays(30)));
        Assert.Equal(TimeSpan.FromMinutes(15), Session.AccessTokenLifetime);
    }

    [Fact]
    public void A_refresh_token_belongs_to_a_session_expires_with_it_and_is_used_once()
    {
        var session = Session.Open(Guid.CreateVersion7(), Guid.CreateVersion7(), null, false, Now);
        var token = RefreshToken.Of(session, "hash");
        Assert.Equal(
            ("hash", session.Id, session.ExpiresAt, null),
            (token.TokenHash, token.SessionId, token.ExpiresAt, token.UsedAt)
        );
        token.Use(Now + Tick);
        Assert.Equal(Now + Tick, token.UsedAt);
    }

    [Fact]
    public void Tokens_are_256_random_bits_and_url_safe()
    {
        var (one, other) = (RandomToken.New(), RandomToken.New());
        Assert.Equal(43, one.Length);
        Assert.All(one, character => Assert.True(char.IsAsciiLetterOrDigit(character) || character is '-' or '_'));
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData(LinkPurpose.ConfirmSignUp, 24)]
    [InlineData(LinkPurpose.ChangeEmail, 24)]
    [InlineData(LinkPurpose.ConfirmAccount, 7 * 24)]
    [InlineData(LinkPurpose.ResetPassword, 1)]
    [InlineData(LinkPurpose.StopOnboarding, 365 * 24)]
    [InlineData(LinkPurpose.StopInvitations, 365 * 24)]
    [InlineData(LinkPurpose.StopMemberships, 365 * 24)]
    [InlineData(LinkPurpose.StopPortal, 365 * 24)]
    [InlineData(LinkPurpose.StopNewSignIns, 365 * 24)]
    [InlineData(LinkPurpose.StopReminders, 365 * 24)]
    public void An_emailed_link_works_as_long_as_its_purpose_needs(LinkPurpose purpose, int hours)
    {
        var subject = Guid.CreateVersion7();
        var link = Link.Issue("hash", purpose, subject, Now);
        Assert.Equal(
            ("hash", purpose, subject, Now, Now.AddHours(hours), null),
            (link.TokenHash, link.Purpose, link.SubjectId, link.CreatedAt, link.ExpiresAt, link.UsedAt)
        );
        Assert.True(link.IsOpen(Now.AddHours(hours) - Tick));
        Assert.False(link.IsOpen(Now.AddHours(hours)));
    }

    [Fact]
    public void After_five_attempts_each_further_one_waits_doubling_from_one_to_fifteen_minutes()
    {
        var (attempts, now) = (SignInAttempts.Of("hash", "here"), Now);
        Assert.Equal("hash", attempts.EmailHash);
        for (var free = 1; free <= 5; free++)
        {
            Assert.Null(attempts.Begin(now));
            Assert.Equal((free, now), (attempts.Failures, attempts.LastAt));
        }

        foreach (var minutes in new[] { 1, 2, 4, 8, 15, 15 })
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), attempts.Begin(now));
            Assert.Equal(Tick, attempts.Begin(now += TimeSpan.FromMinutes(minutes) - Tick));
            Assert.Null(attempts.Begin(now += Tick));
        }

        Assert.Equal(11, attempts.Failures); // an attempt that has to wait is not counted
    }

    [Fact]
    public void From_all_addresses_together_fifty_attempts_are_free()
    {
        var attempts = SignInAttempts.Of("hash");
        for (var free = 1; free <= 50; free++)
            Assert.Null(attempts.Begin(Now));
        Assert.Equal(TimeSpan.FromMinutes(1), attempts.WaitAt(Now));
        Assert.Null(attempts.WaitAt(Now.AddMinutes(1)));
    }

    [Fact]
    public void An_address_is_known_for_ninety_days_after_a_sign_in_which_starts_its_count_again()
    {
        var attempts = SignInAttempts.Of("hash", "here");
        Assert.False(attempts.IsKnown(Now));
        for (var i = 0; i < 5; i++)
            attempts.Begin(Now);
        attempts.Succeed(Now);
        Assert.Equal((0, null, Now), (attempts.Failures, attempts.BlockedUntil, attempts.LastAt));
        Assert.True(attempts.IsKnown(Now.AddDays(90) - Tick));
        Assert.False(attempts.IsKnown(Now.AddDays(90)));
    }

    [Fact]
    public void A_right_attempt_is_undone_and_after_a_day_without_attempts_the_count_starts_again()
    {
        var attempts = SignInAttempts.Of("hash", "here");
        for (var i = 0; i < 5; i++)
            attempts.Begin(Now);
        attempts.Undo();
        Assert.Equal((4, null), (attempts.Failures, attempts.BlockedUntil));
        Assert.Null(attempts.Begin(Now));
        var blocked = Now + TimeSpan.FromMinutes(1);
        Assert.Equal(blocked, attempts.BlockedUntil);

        Assert.Null(attempts.Begin(Now.AddDays(1))); // not yet longer than a day
        Assert.Equal(6, attempts.Failures);
        Assert.Null(attempts.Begin(Now.AddDays(2) + Tick));
        Assert.Equal((1, null), (attempts.Failures, attempts.BlockedUntil));
        attempts.Undo();
        attempts.Undo();
        Assert.Equal(0, attempts.Failures);
    }
}

/// <summary>Notifications, email preferences and the onboarding series.</summary>
public sealed class NotificationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_notification_is_read_once()
    {
        var account = Guid.CreateVersion7();
        var notification = Invited(account);
        Assert.Equal(
            (
                account,
                "invitation:x",
                NotificationKind.Invitation,
                "Ada invites you to Harbour Clinic",
                "Accept to become a member, or reject the invitation.",
                Now,
                null
            ),
            (
                notification.AccountId,
                notification.Source,
                notification.Kind,
                notification.Title,
                notification.Body,
                notification.CreatedAt,
                notification.ReadAt
            )
        );
        Assert.NotEqual(Guid.Empty, notification.Id);
        notification.Read(Now + Tick);
        notification.Read(Now.AddDays(1));
        Assert.Equal(Now + Tick, notification.ReadAt);
        var invitation = Guid.CreateVersion7();
        Assert.Equal($"invitation:{invitation}", Notification.SourceOf(invitation));
    }

    [Fact]
    public void An_invitation_sent_again_is_the_same_notification_unread_and_with_more_time()
    {
        var notification = Invited(Guid.CreateVersion7());
        var (group, invitation) = (notification.Data.GroupId, notification.Data.InvitationId);
        notification.Read(Now);
        notification.InviteAgain(Invitation("Eva"), Now.AddDays(9));
        Assert.Equal(
            ("Eva invites you to Harbour Clinic", "Accept to become a member, or reject the invitation.", null),
            (notification.Title, notification.Body, notification.ReadAt)
        );
        Assert.Equal(
            (group, invitation, "pending", Now.AddDays(9)),
            (
                notification.Data.GroupId,
                notification.Data.InvitationId,
                notification.Data.Status,
                notification.Data.ExpiresAt
            )
        );
    }

    [Fact]
    public void A_closed_invitation_is_read_and_stays_so_when_it_is_sent_again()
    {
        var notification = Invited(Guid.CreateVersion7());
        var (group, invitation) = (notification.Data.GroupId, notification.Data.InvitationId);
        notification.CloseInvitation(InvitationStatus.Rejected, Now + Tick);
        Assert.Equal(
            (group, invitation, "rejected", Now.AddDays(7), Now + Tick),
            (
                notification.Data.GroupId,
                notification.Data.InvitationId,
                notification.Data.Status,
                notification.Data.ExpiresAt,
                notification.ReadAt
            )
        );
        notification.InviteAgain(Invitation("Eva"), Now.AddDays(9));
        Assert.Equal(("rejected", Now + Tick), (notification.Data.Status, notification.ReadAt));
    }

    [Fact]
    public void Every_category_of_email_is_wanted_until_it_is_switched_off()
    {
        var account = Guid.CreateVersion7();
        var mine = MailPreferences.Of(account);
        Assert.Equal(account, mine.AccountId);
        Assert.All(Enum.GetValues<EmailCategory>(), kind => Assert.True(mine.Wants(kind)));
        foreach (var off in Enum.GetValues<EmailCategory>())
        {
            mine.Choose(
                off != EmailCategory.Onboarding,
                off != EmailCategory.Invitations,
                off != EmailCategory.Memberships,
                off != EmailCategory.Portal,
                off != EmailCategory.NewSignIns,
                off != EmailCategory.Reminders
            );
            Assert.All(Enum.GetValues<EmailCategory>(), kind => Assert.Equal(kind != off, mine.Wants(kind)));
        }

        // Older front ends do not send them.
        mine.Choose(true, true, true, portal: false, newSignIns: false, reminders: false);
        mine.Choose(true, true, true, portal: null, newSignIns: null, reminders: null);
        Assert.False(mine.Wants(EmailCategory.Portal));
        Assert.False(mine.Wants(EmailCategory.NewSignIns));
        Assert.False(mine.Wants(EmailCategory.Reminders));
        foreach (var stopped in Enum.GetValues<EmailCategory>())
        {
            mine.Choose(true, true, true, true, true, true);
            mine.Stop(stopped);
            Assert.All(Enum.GetValues<EmailCategory>(), kind => Assert.Equal(kind != stopped, mine.Wants(kind)));
            mine.Resume(stopped);
            Assert.True(mine.Wants(stopped));
        }

        mine.Choose(false, false, false, false, false, false);
        mine.Reset(); // except the series, which the reader of the mailbox may have stopped
        Assert.Equal((false, true, true, true), (mine.Onboarding, mine.Invitations, mine.Memberships, mine.Portal));
        Assert.Equal((true, true), (mine.NewSignIns, mine.Reminders));
    }

    [Fact]
    public void The_onboarding_series_has_three_steps_on_days_one_three_and_seven()
    {
        var (account, group) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var series = OnboardingSeries.Start(account, group, "The clinic", Now);
        Assert.Equal(
            (account, group, "The clinic", Now, 0),
            (series.AccountId, series.JoinedGroupId, series.Practice, series.JoinedAt, series.StepsDone)
        );
        foreach (var (step, day) in new[] { (1, 1), (2, 3), (3, 7) })
        {
            Assert.Null(series.TakeStep(Now.AddDays(day) - Tick));
            Assert.Equal(Tick, series.UntilNext(Now.AddDays(day) - Tick));
            Assert.Equal(TimeSpan.Zero, series.UntilNext(Now.AddDays(day) + Tick));
            Assert.Equal(step, series.TakeStep(Now.AddDays(day)));
            Assert.Null(series.TakeStep(Now.AddDays(day)));
            Assert.Equal(step, series.StepsDone);
        }

        Assert.Equal(Now.AddDays(7), series.EndedAt);
        Assert.Null(series.UntilNext(Now.AddDays(9)));
    }

    [Fact]
    public void Missed_steps_are_skipped()
    {
        var series = OnboardingSeries.Start(Guid.CreateVersion7(), Guid.CreateVersion7(), "The clinic", Now);
        Assert.Equal(2, series.TakeStep(Now.AddDays(4)));
        Assert.Null(series.EndedAt);
        Assert.Equal(TimeSpan.FromDays(3), series.UntilNext(Now.AddDays(4)));
        series.End(Now.AddDays(5));
        series.End(Now.AddDays(6));
        Assert.Equal(Now.AddDays(5), series.EndedAt);
        Assert.Null(series.TakeStep(Now.AddDays(8)));
        Assert.Null(series.UntilNext(Now.AddDays(5)));
        Assert.Equal(2, series.StepsDone);
    }

    [Fact]
    public void The_email_of_a_step_always_has_the_same_id()
    {
        var (one, other) = (
            OnboardingSeries.Start(Guid.CreateVersion7(), default, "", Now),
            OnboardingSeries.Start(Guid.CreateVersion7(), default, "", Now)
        );
        Assert.Equal(one.MailIdOf(1), one.MailIdOf(1));
        Assert.Equal(
            4,
            new[] { one.MailIdOf(1), one.MailIdOf(2), other.MailIdOf(1), other.MailIdOf(2) }.Distinct().Count()
        );
    }

    [Fact]
    public void An_email_that_anybody_can_cause_is_counted_by_its_id()
    {
        var id = Guid.CreateVersion7();
        var email = new CountRequestedEmail(id, "ada@practice.test", EmailKind.ResetPassword, null, null, "a place");
        var mail = RequestedEmail.Of(email, "ADA@PRACTICE.TEST", Now);
        Assert.Equal((id, "ADA@PRACTICE.TEST", Now), (mail.Id, mail.NormalizedEmail, mail.SentAt));
        Assert.Equal((EmailKind.ResetPassword, null, "a place"), (mail.Kind, mail.SubjectId, mail.RequestedFrom));
        Assert.Equal((10, TimeSpan.FromHours(1)), (RequestedEmail.MaxPerWindow, RequestedEmail.Window));
    }

    [Fact]
    public void Each_notification_has_a_kind_a_text_and_what_a_front_end_needs()
    {
        var (group, account, grant) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var day = new DateOnly(2028, 3, 1);
        (NotificationContent Content, NotificationKind Kind, string Title, string Body, Guid? Grant)[] all =
        [
            (
                NotificationContent.Joined(group, "Harbour Clinic"),
                NotificationKind.Joined,
                "Welcome to Harbour Clinic",
                "You are now a member.",
                null
            ),
            (
                NotificationContent.AccessChanged(group, "Harbour Clinic"),
                NotificationKind.AccessChanged,
                "Your access in Harbour Clinic has changed",
                "What you can see and do there may be different now.",
                null
            ),
            (
                NotificationContent.Deactivated(group, "Harbour Clinic"),
                NotificationKind.Deactivation,
                "Your access to Harbour Clinic has ended",
                "Your account and your access elsewhere stay the same.",
                null
            ),
            (
                NotificationContent.Reactivated(group, "Harbour Clinic"),
                NotificationKind.Reactivation,
                "Your access to Harbour Clinic is back",
                "You have the same access level and settings as before. Locations that were archived meanwhile are left out.",
                null
            ),
            (
                NotificationContent.PortalAccessRequested(
                    account,
                    grant,
                    "Kim",
                    "Ida",
                    "ida@moss.test",
                    PortalRole.View
                ),
                NotificationKind.PortalRequest,
                "Ida asks for access to the patient portal of Kim",
                "ida@moss.test asks for access: view only. They see nothing until you grant it.",
                grant
            ),
            (
                NotificationContent.PortalAccessGranted(account, grant, "Kim", PortalRole.Edit),
                NotificationKind.PortalGranted,
                "You have access to the patient portal of Kim",
                "Your access: view and edit.",
                grant
            ),
            (
                NotificationContent.PortalAccessRevoked(account, grant, "Kim"),
                NotificationKind.PortalRevoked,
                "Your access to the patient portal of Kim has ended",
                "Your own account stays the same.",
                grant
            ),
            (
                NotificationContent.GuardianAdded(account, "Kim", "Ida"),
                NotificationKind.GuardianAdded,
                "Ida is now a guardian of Kim",
                "They can open and change the patient portal, as you can.",
                null
            ),
            (
                NotificationContent.GuardianshipEnding(account, "Kim", GuardianshipLimit.ClinicalSuspended, day, 14),
                NotificationKind.GuardianshipEnding,
                "Your access to the clinical records of Kim ends on 1 March 2028",
                "This happens in 14 days. Nothing changes until then.",
                null
            ),
            (
                NotificationContent.GuardianshipEnding(account, "Kim", GuardianshipLimit.GuardianshipEnds, day, 1),
                NotificationKind.GuardianshipEnding,
                "Your guardianship of Kim ends on 1 March 2028",
                "This happens in 1 day. Nothing changes until then.",
                null
            ),
            (
                NotificationContent.TakeoverInvited(account, "Kim", "Harbour"),
                NotificationKind.TakeoverInvited,
                "Harbour invites Kim to their own patient portal",
                "When they accept, you no longer see what Harbour keeps of them. If this seems wrong, call the practice.",
                null
            ),
            (
                NotificationContent.PortalPaused(account, "Tia Reed", "Harbour", null),
                NotificationKind.PortalPaused,
                "Harbour has paused your access to the records of Tia Reed",
                "The portal does not show you what Harbour keeps. If this seems wrong, call the practice.",
                null
            ),
            (
                NotificationContent.PortalPaused(account, "Tia Reed", "Harbour", "Tom Reed"),
                NotificationKind.PortalPaused,
                "Harbour has paused the access of Tom Reed to the records of Tia Reed",
                "The portal does not show them what Harbour keeps. If this seems wrong, call the practice.",
                null
            ),
            (
                NotificationContent.PortalResumed(account, "Tia Reed", "Harbour", null),
                NotificationKind.PortalResumed,
                "Harbour no longer pauses your access to the records of Tia Reed",
                "The portal shows you again what Harbour keeps.",
                null
            ),
            (
                NotificationContent.PortalResumed(account, "Tia Reed", "Harbour", "Tom Reed"),
                NotificationKind.PortalResumed,
                "Harbour no longer pauses the access of Tom Reed to the records of Tia Reed",
                "The portal shows them again what Harbour keeps.",
                null
            ),
            (
                NotificationContent.PatientUnlinked(account, "Tom Reed", "Tia", "Harbour"),
                NotificationKind.PatientUnlinked,
                "The records of Tia at Harbour are no longer linked",
                "Harbour has unlinked them from the patient portal of Tom Reed. If this seems wrong, call the practice.",
                null
            ),
            .. new[]
            {
                ("contoso", false, "To open the practice, connect contoso under Security, then sign in with it."),
                ("contoso", true, "You have connected contoso. From now on sign in with it."),
                (null, false, "You can sign in with your password, a passkey or an identity provider."),
            }.Select(rule =>
                (
                    NotificationContent.SignInRule(
                        new SignInRuleChanged(group, "Harbour Clinic", rule.Item1, rule.Item1, []),
                        rule.Item2
                    ),
                    NotificationKind.SignInRule,
                    rule.Item1 is null
                        ? "Harbour Clinic takes any sign-in again"
                        : "Harbour Clinic requires a sign-in with contoso",
                    rule.Item3,
                    (Guid?)null
                )
            ),
            .. new[]
            {
                (WebhookStop.Failing, "The receiver took nothing for a day, so the webhook was turned off."),
                (WebhookStop.Gone, "The receiver said that it wants no more, so the webhook was turned off."),
                (WebhookStop.Backlog, "Too much was waiting for the receiver, so the webhook was turned off."),
                (WebhookStop.MakerLeft, "Who made the webhook is no longer a member, and an owner had it turned off."),
            }.Select(stop =>
                (
                    NotificationContent.WebhookDisabled(
                        new WebhookDisabled(group, Guid.NewGuid(), "hooks.example", stop.Item1),
                        "Harbour Clinic"
                    ),
                    NotificationKind.WebhookDisabled,
                    "Harbour Clinic no longer sends webhooks to hooks.example",
                    stop.Item2,
                    (Guid?)null
                )
            ),
        ];

        Assert.All(all, one =>
        {
            var (kind, title, body, data) = one.Content;
            Assert.Equal((one.Kind, one.Title, one.Body), (kind, title, body));
            var isAboutGroup = data.GroupId is not null;
            Assert.Equal(
                (isAboutGroup ? group : null, isAboutGroup ? null : (Guid?)account, one.Grant),
                (data.GroupId, data.AccountId, data.GrantId)
            );
            Assert.Equal((null, null, null), (data.InvitationId, data.Status, data.ExpiresAt));
        });
        Assert.Equal(
            Enum.GetValues<NotificationKind>()
                .Except([
                    NotificationKind.Invitation,
                    NotificationKind.GuardianshipRequested,
                    NotificationKind.SecondFactorLost,
                    // What staff are told.
                    NotificationKind.PatientRequest,
                    NotificationKind.AppointmentCancelled,
                    NotificationKind.ContactDetailsChanged,
                    NotificationKind.InvitationAnswered,
                ]),
            all.Select(one => one.Kind).Distinct().Order()
        );
    }

    [Fact]
    public void What_staff_are_told_names_the_practice_and_what_it_is_about()
    {
        var (group, thing, patient) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var cancelled = new AppointmentCancelled(
            group,
            "Harbour",
            thing,
            patient,
            new DateTimeOffset(2026, 12, 2, 23, 0, 0, TimeSpan.Zero),
            "Australia/Melbourne",
            ByPatient: true,
            []
        );
        var asked = new PatientRequestSent(
            group,
            "Harbour",
            thing,
            patient,
            PatientRequestKind.Appointment,
            new DateOnly(2026, 12, 3),
            []
        );
        var answered = new InvitationAnswered(group, "Harbour", thing, "ida@x.test", InvitationOutcome.Accepted, []);
        Assert.Equal(
            [
                "A patient asks for an appointment at Harbour: For Thursday, 3 December 2026. Confirm or decline it.",
                "A patient wrote a health note to Harbour: Mark it as seen.",
                "A patient cancelled the appointment of Thursday, 3 December 2026, 10:00 at Harbour: "
                    + "They cancelled in the patient portal.",
                "A patient cancelled 3 appointments at Harbour, the last one of Thursday, 3 December 2026, 10:00: "
                    + "They cancelled in the patient portal.",
                "Your appointment of Thursday, 3 December 2026, 10:00 at Harbour was cancelled: "
                    + "A colleague cancelled it.",
                "A patient of Harbour changed their contact details: The patient's details are up to date.",
                "ida@x.test accepted the invitation to Harbour: They are a member now.",
                "ida@x.test rejected the invitation to Harbour: To have them join later, invite them again.",
            ],
            new[]
            {
                NotificationContent.PatientRequest(asked),
                NotificationContent.PatientRequest(asked with { Kind = PatientRequestKind.HealthNote, Day = null }),
                NotificationContent.AppointmentCancelled(cancelled, 1),
                NotificationContent.AppointmentCancelled(cancelled, 3),
                NotificationContent.AppointmentCancelled(cancelled with { ByPatient = false }, 1),
                NotificationContent.ContactDetailsChanged(new(group, "Harbour", patient, []), 1),
                NotificationContent.InvitationAnswered(answered, InvitationStatus.Accepted),
                NotificationContent.InvitationAnswered(answered, InvitationStatus.Rejected),
            }.Select(content => $"{content.Title}: {content.Body}")
        );

        var data = NotificationContent.AppointmentCancelled(cancelled, 3).Data;
        Assert.Equal((group, thing, patient, 3), (data.GroupId, data.AppointmentId, data.PatientId, data.Times));
        data = NotificationContent.PatientRequest(asked).Data;
        Assert.Equal((group, thing, patient, "open"), (data.GroupId, data.RequestId, data.PatientId, data.Status));
        Assert.Equal("closed", data.Closed().Status);
        data = NotificationContent.InvitationAnswered(answered, InvitationStatus.Accepted).Data;
        Assert.Equal((group, thing, "accepted"), (data.GroupId, data.InvitationId, data.Status));
    }

    [Fact]
    public void A_lost_second_factor_says_when_it_ends_and_names_nothing_else()
    {
        var content = NotificationContent.SecondFactorLost(new(2028, 3, 1, 9, 5, 0, TimeSpan.Zero));
        Assert.Equal(NotificationKind.SecondFactorLost, content.Kind);
        Assert.Contains("It ends on 1 March 2028, 09:05 UTC.", content.Body, StringComparison.Ordinal);
        Assert.Equal((null, null, null), (content.Data.GroupId, content.Data.AccountId, content.Data.InvitationId));
    }

    [Fact]
    public void An_invitation_that_was_closed_before_it_was_shown_has_no_text_yet()
    {
        var (group, invitation) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var content = NotificationContent.ClosedInvitation(group, invitation, InvitationStatus.Withdrawn);
        Assert.Equal((NotificationKind.Invitation, "Invitation", ""), (content.Kind, content.Title, content.Body));
        Assert.Equal(
            (group, invitation, "withdrawn", null),
            (content.Data.GroupId, content.Data.InvitationId, content.Data.Status, content.Data.ExpiresAt)
        );
    }

    [Fact]
    public void Codes_that_are_stored_keep_their_names()
    {
        Assert.Equal(
            ["pending", "accepted", "rejected", "withdrawn"],
            Enum.GetValues<InvitationStatus>().Select(status => status.Code())
        );
        Assert.Equal(
            [InvitationStatus.Accepted, InvitationStatus.Rejected, InvitationStatus.Withdrawn],
            Enum.GetValues<InvitationOutcome>().Select(InvitationStatuses.Of)
        );
        Assert.Equal(
            ["ended_by_person", "refresh_token_reused"],
            Enum.GetValues<SessionEndReason>().Select(reason => reason.Code())
        );
    }

    private static Notification Invited(Guid account) =>
        Notification.Of(account, "invitation:x", Invitation("Ada"), Now);

    private static NotificationContent Invitation(string invitedBy) =>
        NotificationContent.Invitation(
            Guid.CreateVersion7(),
            "Harbour Clinic",
            Guid.CreateVersion7(),
            invitedBy,
            Now.AddDays(7)
        );
}

/// <summary>The tokens of mailed links.</summary>
public sealed class LinkTokenTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(">")]
    [InlineData(">.")]
    [InlineData(")")]
    [InlineData("\",")]
    [InlineData("\u201d")]
    [InlineData(" \r\n")]
    [InlineData("\u00a0")]
    public void What_a_mail_program_takes_along_is_no_part_of_a_token(string taken)
    {
        var clean = InputText.CleanerOf("token");
        for (var time = 0; time < 100; time++)
        {
            var (user, portal) = (RandomToken.New(), InvitationTokens.Of(Guid.CreateVersion7(), RandomToken.New()));
            Assert.Equal((user, portal), (clean(user + taken), clean(portal + taken)));
        }
    }

    [Fact]
    public void A_text_without_any_token_is_empty() => Assert.Equal("", InputText.CleanToken(" .>\u201d"));
}
