using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MimeKit;
using Practice.Contracts.PatientPortal;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Email.Templates;

namespace Practice.Users.Tests;

public sealed class EmailTemplateTests
{
    private static readonly EmailTemplates Templates = new(EmailTemplates.All);

    [Fact]
    public void Each_kind_has_exactly_one_template_or_the_host_does_not_start()
    {
        var missing = Assert.Throws<InvalidOperationException>(() => new EmailTemplates(EmailTemplates.All.Skip(1)));
        var twice = Assert.Throws<InvalidOperationException>(() =>
            new EmailTemplates(EmailTemplates.All.Append(new InvitationEmail()))
        );

        Assert.Contains(nameof(EmailKind.ConfirmSignUp), missing.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(EmailKind.Invitation), twice.Message, StringComparison.Ordinal);
        Assert.All(Enum.GetValues<EmailKind>(), kind => Assert.Equal(kind, Templates[kind].Kind));
    }

    [Fact]
    public void Each_email_is_written_with_its_own_link_and_the_unsubscribe_link_where_it_has_one()
    {
        var portal = new PortalEmailDetails("Kim", PortalRole.Edit, PortalLevel.Clinical, new DateOnly(2028, 3, 1), 14);
        foreach (var kind in Enum.GetValues<EmailKind>())
        {
            var email = new DeliverEmail(default, kind, "ida@moss.test", default, "Harbour", "Ida", Portal: portal)
            {
                Patient = "Tia",
                SignIn = new SignInEmailDetails(
                    "Firefox on Linux",
                    "192.0.2.1",
                    new DateTimeOffset(2026, 11, 28, 9, 5, 0, TimeSpan.Zero)
                ),
                Appointment = Appointment(new DateTimeOffset(2026, 12, 1, 22, 0, 0, TimeSpan.Zero)),
                GroupId = Guid.Empty,
                Balance = 20,
                Provider = "contoso",
            };
            var content = new EmailContent(
                email,
                new IssuedLink("t0ken", "a sign-up"),
                new() { PublicUrl = "https://practice.test/" }
            );
            var template = Templates[kind];

            var (subject, text) = (template.Subject(content), template.Text(content));

            Assert.False(string.IsNullOrWhiteSpace(subject));
            Assert.DoesNotContain('\n', subject);
            var hasToken = text.Contains("token=t0ken", StringComparison.Ordinal);
            Assert.Equal(template.Link is not null || template.InvitesToPortal, hasToken);
            var unsubscribes = text.Contains("https://practice.test/unsubscribe?token=t0ken", StringComparison.Ordinal);
            Assert.Equal(template.Link == LinkPurpose.StopOnboarding, unsubscribes);
            Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
        }
    }

    /// <summary>Anybody can give themselves, or a practice, a name that reads like an invitation to a page.</summary>
    [Theory]
    [InlineData("Visit https://evil.example/now", "Visit https: / /evil. example/now")]
    [InlineData("www.evil.example", "www. evil. example")]
    [InlineData("Evil.Example (ida@moss.test)", "Evil. Example (ida@moss.test)")]
    [InlineData("x@https://evil.example", "x@https: / /evil. example")]
    [InlineData("Pay at evil.example,x@y.test", "Pay at evil. example,x@y. test")]
    [InlineData("Pay\u00a0at\u00a0evil.example", "Pay at evil. example")]
    [InlineData("Dr. J.R. O'Brien-Moss", "Dr. J.R. O'Brien-Moss")]
    [InlineData("A/Prof Kim", "A/Prof Kim")]
    public void Names_in_emails_are_no_links(string name, string written)
    {
        var portal = new PortalEmailDetails(name, PortalRole.Edit);
        var email = new DeliverEmail(default, EmailKind.Invitation, "a@moss.test", default, name, name, Portal: portal)
        {
            Patient = name,
        };
        var content = new EmailContent(email, null, new() { PublicUrl = "https://practice.test/" });
        Assert.Equal(
            (written, written, written, written),
            (content.Practice, content.From, content.Portal.Account, content.Patient)
        );
    }

    /// <summary>The same words in the HTML part: its links too, each of them once.</summary>
    [Fact]
    public void Each_email_has_its_words_and_links_in_HTML_where_they_stand_for_themselves()
    {
        var html = new EmailHtml();
        foreach (var kind in Enum.GetValues<EmailKind>())
        {
            var email = new DeliverEmail(
                default,
                kind,
                "ida@moss.test",
                default,
                "Harbour & <b>Söhne</b>",
                "Ida",
                Guid.Empty,
                new PortalEmailDetails("Kim", PortalRole.Edit, PortalLevel.Clinical, new DateOnly(2028, 3, 1), 14)
            )
            {
                Patient = "Tia",
                SignIn = new SignInEmailDetails("Firefox on Linux", "192.0.2.1", default),
                Appointment = Appointment(new DateTimeOffset(2026, 12, 1, 22, 0, 0, TimeSpan.Zero)),
                Balance = 20,
                Provider = "contoso",
            };
            var content = new EmailContent(
                email,
                new IssuedLink("t0ken", "a sign-up"),
                new() { PublicUrl = "https://practice.test/" }
            );
            var template = Templates[kind];
            var text = template.Text(content);

            var written = html.Render(template.Subject(content), text, content.Practice, template.Action);

            Assert.StartsWith("<!doctype html>", written, StringComparison.Ordinal);
            Assert.Contains("Harbour &amp; &lt;b&gt;Söhne&lt;/b&gt;", written, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", written, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", written, StringComparison.Ordinal);
            Assert.Contains("prefers-color-scheme: dark", written, StringComparison.Ordinal);
            var links = Regex.Matches(text, @"https://\S+").Select(link => link.Value.TrimEnd('.', ','));
            Assert.Equal(
                links.Order(StringComparer.Ordinal),
                Regex
                    .Matches(written, "href=\"([^\"]+)\"")
                    .Select(link => WebUtility.HtmlDecode(link.Groups[1].Value))
                    .Order(StringComparer.Ordinal)
            );
            Assert.DoesNotContain(">Open</a>", written, StringComparison.Ordinal); // each button says what it does
        }
    }

    [Theory]
    [InlineData(EmailKind.WelcomeNewPerson)]
    [InlineData(EmailKind.ConfirmAccount)]
    public void Choose_your_password_leads_to_the_field_that_sets_it(EmailKind kind)
    {
        var email = new DeliverEmail(default, kind, "ida@moss.test", default, "Harbour");
        var content = new EmailContent(
            email,
            new IssuedLink("t0ken", null),
            new() { PublicUrl = "https://practice.test/" }
        );

        Assert.Contains(
            "https://practice.test/confirm-email?choose&token=t0ken",
            Templates[kind].Text(content),
            StringComparison.Ordinal
        );
        Assert.Equal("Choose your password", Templates[kind].Action);
    }

    /// <summary>
    /// In its zone with the zone's rules. Readers err in Dublin, and at a clock time that occurs twice: there in UTC.
    /// </summary>
    [Theory]
    [InlineData("Australia/Melbourne", "2026-12-01T22:00:00Z", "DTSTART;TZID=Australia/Melbourne:20261202T090000")]
    [InlineData("America/New_York", "2027-07-01T13:00:00Z", "DTSTART;TZID=America/New_York:20270701T090000")]
    [InlineData("Australia/Melbourne", "2027-04-03T15:30:00Z", "DTSTART:20270403T153000Z")]
    [InlineData("Europe/Dublin", "2026-12-01T22:00:00Z", "DTSTART:20261201T220000Z")]
    [InlineData("UTC", "2026-12-01T22:00:00Z", "DTSTART:20261201T220000Z")]
    public void An_event_is_written_so_that_readers_agree_about_its_time(string zone, string at, string written)
    {
        var email = new DeliverEmail(default, EmailKind.AppointmentBooked, "ida@moss.test", default, "A; \"B\": 😀")
        {
            Patient = "Tia",
            Appointment = Appointment(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), zone),
        };
        var content = new EmailContent(email, null, new() { PublicUrl = "https://practice.test/" });
        var from = new MailboxAddress("Practice", "no-reply@practice.test");

        var calendar = AppointmentCalendar.Of(email, content, from)!;

        Assert.Contains(written + "\r\n", calendar.Text, StringComparison.Ordinal);
        Assert.Equal(written.Contains("TZID", default), calendar.Text.Contains("BEGIN:VTIMEZONE", default));
        Assert.Contains("ORGANIZER;CN=A B:mailto:no-reply@practice.test", calendar.Text.Replace("  ", " ", default));
        Assert.Equal(calendar, AppointmentCalendar.Of(email, content, from)); // a repeated email is the same email
        Assert.All(calendar.Text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 75));
    }

    private static AppointmentEmailDetails Appointment(DateTimeOffset at, string zone = "Australia/Melbourne") =>
        new(
            new AppointmentFacts(default, 0, at, at.AddMinutes(45), zone, "Dr Vale", "Harbour", at.AddDays(-1)),
            InPortal: true
        );

    [Fact]
    public void An_email_that_lacks_what_it_writes_about_is_not_written()
    {
        var email = new DeliverEmail(default, EmailKind.PortalAccessGranted, "ida@moss.test", default);
        var content = new EmailContent(email, null, new() { PublicUrl = "https://practice.test" });

        Assert.Throws<InvalidOperationException>(() => Templates[email.Kind].Subject(content));
        Assert.Throws<InvalidOperationException>(() => content.Practice);
        Assert.Throws<InvalidOperationException>(() => content.From);
        Assert.Throws<InvalidOperationException>(() => content.LinkUrl("confirm-email"));
    }

    /// <summary>
    /// Everything not listed protects the account, holds its first link, or may go to an address without an account.
    /// </summary>
    [Fact]
    public void These_emails_can_be_switched_off()
    {
        Assert.Equal(
            [
                (EmailKind.WelcomeMember, EmailCategory.Memberships),
                (EmailKind.Invitation, EmailCategory.Invitations),
                (EmailKind.Deactivated, EmailCategory.Memberships),
                (EmailKind.OnboardingDay1, EmailCategory.Onboarding),
                (EmailKind.OnboardingDay3, EmailCategory.Onboarding),
                (EmailKind.OnboardingDay7, EmailCategory.Onboarding),
                (EmailKind.PortalAccessRequested, EmailCategory.Portal),
                (EmailKind.PortalAccessGranted, EmailCategory.Portal),
                (EmailKind.PortalAccessRevoked, EmailCategory.Portal),
                (EmailKind.GuardianAdded, EmailCategory.Portal),
                (EmailKind.ClinicalAccessEnding, EmailCategory.Portal),
                (EmailKind.GuardianshipEnding, EmailCategory.Portal),
                (EmailKind.LeftPractice, EmailCategory.Memberships),
                (EmailKind.GuardianshipRequested, EmailCategory.Portal),
                (EmailKind.TakeoverInvited, EmailCategory.Portal),
                (EmailKind.NewSignIn, EmailCategory.NewSignIns),
                (EmailKind.PatientUnlinked, EmailCategory.Portal),
                (EmailKind.AppointmentReminder, EmailCategory.Reminders),
                (EmailKind.ProviderRequired, EmailCategory.Memberships),
                (EmailKind.ProviderRequiredOfConnected, EmailCategory.Memberships),
            ],
            Enum.GetValues<EmailKind>()
                .Where(kind => Templates[kind].Category is not null)
                .Select(kind => (kind, Templates[kind].Category!.Value))
        );
    }

    [Fact]
    public void These_emails_are_throttled_since_anybody_can_cause_them() =>
        Assert.Equal(
            [
                EmailKind.ConfirmSignUp,
                EmailKind.AlreadyRegistered,
                EmailKind.ConfirmAccount,
                EmailKind.Invitation,
                EmailKind.ResetPassword,
                EmailKind.Deactivated,
                EmailKind.ConfirmNewEmail,
                EmailKind.EmailInUse,
                EmailKind.PortalAccessRequested,
                EmailKind.PortalAccessGranted,
                EmailKind.PortalAccessRevoked,
                EmailKind.PendingGrant,
                EmailKind.PendingGuardianship,
                EmailKind.LeftPractice,
                EmailKind.GuardianshipRequested,
                EmailKind.TakeoverInvited,
                EmailKind.PatientEmailChanged,
                EmailKind.PatientUnlinked,
                EmailKind.AppointmentBooked,
                EmailKind.AppointmentMoved,
                EmailKind.AppointmentCancelled,
                EmailKind.RequestConfirmed,
                EmailKind.RequestDeclined,
                EmailKind.AppointmentReminder,
                EmailKind.ConfirmProvider,
                EmailKind.ProviderRequired,
                EmailKind.ProviderRequiredOfConnected,
            ],
            Enum.GetValues<EmailKind>().Where(kind => Templates[kind].AnyoneCanCause)
        );

    [Fact]
    public void These_emails_carry_a_link()
    {
        Assert.Equal(
            [
                (EmailKind.ConfirmSignUp, LinkPurpose.ConfirmSignUp),
                (EmailKind.WelcomeNewPerson, LinkPurpose.ConfirmAccount),
                (EmailKind.ConfirmAccount, LinkPurpose.ConfirmAccount),
                (EmailKind.ResetPassword, LinkPurpose.ResetPassword),
                (EmailKind.ConfirmNewEmail, LinkPurpose.ChangeEmail),
                (EmailKind.OnboardingDay1, LinkPurpose.StopOnboarding),
                (EmailKind.OnboardingDay3, LinkPurpose.StopOnboarding),
                (EmailKind.OnboardingDay7, LinkPurpose.StopOnboarding),
                (EmailKind.SecondFactorLost, LinkPurpose.KeepTwoFactor),
                (EmailKind.ConfirmProvider, LinkPurpose.LinkProvider),
            ],
            Enum.GetValues<EmailKind>()
                .Where(kind => Templates[kind].Link is not null)
                .Select(kind => (kind, Templates[kind].Link!.Value))
        );
        Assert.Equal(
            [EmailKind.PatientInvitation, EmailKind.GuardianInvitation],
            Enum.GetValues<EmailKind>().Where(kind => Templates[kind].InvitesToPortal)
        );
    }
}
