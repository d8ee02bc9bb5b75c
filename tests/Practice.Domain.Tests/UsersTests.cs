using Practice.Users.Domain;

namespace Practice.Domain.Tests;

/// <summary>An account, from the sign-up or from the practice that adds it.</summary>
public sealed class AccountTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 5, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_sign_up_keeps_the_email_as_it_was_typed_and_compares_it_without_case()
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
        Assert.Equal("1 March 2026, 09:05 UTC, initials A. M.", signUp.Description); // initials only: no text of whoever signs up is mailed to another
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
    public void Who_is_added_has_a_temporary_password_for_seven_days_and_an_unproved_email()
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
    public void A_chosen_password_is_no_temporary_one_and_voids_what_was_stamped()
    {
        var account = Added();
        var stamp = account.SecurityStamp;
        account.ChoosePassword("own");
        Assert.Equal(
            ("own", false, null),
            (account.PasswordHash, account.MustChangePassword, account.TemporaryPasswordExpiresAt)
        );
        Assert.False(account.IsUntouched); // whoever added them may correct nothing any more
        Assert.NotEqual(stamp, account.SecurityStamp);
    }

    [Fact]
    public void A_reissued_temporary_password_lives_seven_days_from_then()
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
    public void Whose_email_is_proved_is_no_longer_untouched()
    {
        var account = Added();
        account.ConfirmEmail();
        Assert.True(account.EmailConfirmed);
        Assert.False(account.IsUntouched);
    }

    [Fact]
    public void A_changed_email_and_name_are_kept_as_typed_but_for_the_space_around()
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

/// <summary>What opens a session, and for how long.</summary>
public sealed class SessionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_session_lives_thirty_days_from_when_it_was_last_seen()
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
        Assert.Equal(TimeSpan.FromMinutes(15), Session.AccessTokenLife);
    }

    [Fact]
    public void A_refresh_token_is_the_sessions_ends_with_it_and_is_used_once()
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
    public void Tokens_are_256_random_bits_safe_in_a_url()
    {
        var (one, other) = (Secrets.NewToken(), Secrets.NewToken());
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
    public void A_mailed_link_lives_as_long_as_its_purpose_needs(LinkPurpose purpose, int hours)
    {
        var subject = Guid.CreateVersion7();
        var link = Link.Mint("hash", purpose, subject, Now);
        Assert.Equal(
            ("hash", purpose, subject, Now, Now.AddHours(hours), null),
            (link.TokenHash, link.Purpose, link.SubjectId, link.CreatedAt, link.ExpiresAt, link.UsedAt)
        );
        Assert.True(link.IsOpen(Now.AddHours(hours) - Tick));
        Assert.False(link.IsOpen(Now.AddHours(hours)));
    }

    [Fact]
    public void After_five_tries_each_further_one_waits_doubling_from_one_to_fifteen_minutes()
    {
        var (attempts, now) = (SignInAttempts.Of("hash"), Now);
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

        Assert.Equal(11, attempts.Failures); // a try that has to wait is none
    }

    [Fact]
    public void A_right_try_is_taken_back_and_a_day_without_any_forgets()
    {
        var attempts = SignInAttempts.Of("hash");
        for (var i = 0; i < 5; i++)
            attempts.Begin(Now);
        attempts.TakeBack();
        Assert.Equal((4, null), (attempts.Failures, attempts.BlockedUntil));
        Assert.Null(attempts.Begin(Now));
        var blocked = Now + TimeSpan.FromMinutes(1);
        Assert.Equal(blocked, attempts.BlockedUntil);

        Assert.Null(attempts.Begin(Now.AddDays(1))); // not yet longer than a day
        Assert.Equal(6, attempts.Failures);
        Assert.Null(attempts.Begin(Now.AddDays(2) + Tick));
        Assert.Equal((1, null), (attempts.Failures, attempts.BlockedUntil));
        attempts.TakeBack();
        attempts.TakeBack();
        Assert.Equal(0, attempts.Failures);
    }
}

/// <summary>What people are told, and what they want to be told.</summary>
public sealed class TellingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void A_notification_is_read_once()
    {
        var account = Guid.CreateVersion7();
        var notification = Invited(account);
        Assert.Equal(
            (account, "invitation:x", NotificationKind.Invitation, "You are invited", "By Ada", Now, null),
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
    public void An_invitation_sent_again_is_the_same_notification_unread_with_more_time()
    {
        var notification = Invited(Guid.CreateVersion7());
        var (group, invitation) = (notification.Data.GroupId, notification.Data.InvitationId);
        notification.Read(Now);
        notification.InviteAgain("Again", "By Eva", Now.AddDays(9));
        Assert.Equal(("Again", "By Eva", null), (notification.Title, notification.Body, notification.ReadAt));
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
        notification.CloseInvitation("rejected", Now + Tick);
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
        notification.InviteAgain("Again", "By Eva", Now.AddDays(9));
        Assert.Equal(("rejected", Now + Tick), (notification.Data.Status, notification.ReadAt));
    }

    [Fact]
    public void Every_kind_of_mail_is_wanted_until_it_is_switched_off()
    {
        var account = Guid.CreateVersion7();
        var mine = MailPreferences.Of(account);
        Assert.Equal(account, mine.AccountId);
        Assert.All(Enum.GetValues<MailKind>(), kind => Assert.True(mine.Wants(kind)));
        foreach (var off in Enum.GetValues<MailKind>())
        {
            mine.Choose(
                off != MailKind.Onboarding,
                off != MailKind.Invitations,
                off != MailKind.Memberships,
                off != MailKind.Portal
            );
            Assert.All(Enum.GetValues<MailKind>(), kind => Assert.Equal(kind != off, mine.Wants(kind)));
        }

        mine.Choose(true, true, true, portal: null); // an older front end does not name it
        Assert.False(mine.Wants(MailKind.Portal));
        mine.StopOnboarding();
        Assert.Equal((false, true, true), (mine.Onboarding, mine.Invitations, mine.Memberships));
        mine.Choose(false, false, false, false);
        mine.WantAgain(); // but for the series, which the mailbox's own reader may have stopped
        Assert.Equal((false, true, true, true), (mine.Onboarding, mine.Invitations, mine.Memberships, mine.Portal));
    }

    [Fact]
    public void The_onboarding_series_has_three_steps_on_days_one_three_and_seven()
    {
        var (account, group) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var series = OnboardingSeries.Begin(account, group, "The clinic", Now);
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
    public void Steps_whose_time_went_by_are_passed_over()
    {
        var series = OnboardingSeries.Begin(Guid.CreateVersion7(), Guid.CreateVersion7(), "The clinic", Now);
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
    public void A_steps_mail_has_the_same_id_however_often_it_is_asked_for()
    {
        var (one, other) = (
            OnboardingSeries.Begin(Guid.CreateVersion7(), default, "", Now),
            OnboardingSeries.Begin(Guid.CreateVersion7(), default, "", Now)
        );
        Assert.Equal(one.MailIdOf(1), one.MailIdOf(1));
        Assert.Equal(
            4,
            new[] { one.MailIdOf(1), one.MailIdOf(2), other.MailIdOf(1), other.MailIdOf(2) }.Distinct().Count()
        );
    }

    [Fact]
    public void What_anybody_can_have_mailed_is_counted_by_the_mails_id()
    {
        var id = Guid.CreateVersion7();
        var mail = AskedMail.Of(id, "ADA@PRACTICE.TEST", Now);
        Assert.Equal((id, "ADA@PRACTICE.TEST", Now), (mail.Id, mail.NormalizedEmail, mail.SentAt));
        Assert.Equal((10, TimeSpan.FromHours(1)), (AskedMail.MostAnHour, AskedMail.Window));
    }

    private static Notification Invited(Guid account) =>
        Notification.Of(
            account,
            "invitation:x",
            NotificationKind.Invitation,
            "You are invited",
            "By Ada",
            new NotificationData
            {
                GroupId = Guid.CreateVersion7(),
                InvitationId = Guid.CreateVersion7(),
                Status = NotificationData.Pending,
                ExpiresAt = Now.AddDays(7),
            },
            Now
        );
}
