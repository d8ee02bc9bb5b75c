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
            };
            var content = new EmailContent(email, new IssuedLink("t0ken", "a sign-up"), "https://practice.test/");
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
        var content = new EmailContent(email, null, "https://practice.test/");
        Assert.Equal(
            (written, written, written, written),
            (content.Practice, content.From, content.Portal.Account, content.Patient)
        );
    }

    [Fact]
    public void An_email_that_lacks_what_it_writes_about_is_not_written()
    {
        var email = new DeliverEmail(default, EmailKind.PortalAccessGranted, "ida@moss.test", default);
        var content = new EmailContent(email, null, "https://practice.test");

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
