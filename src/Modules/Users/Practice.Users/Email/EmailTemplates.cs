using System.Collections.Frozen;
using Practice.Users.Email.Templates;

namespace Practice.Users.Email;

/// <summary>
/// The template of each kind of email. Created when the host starts, which fails if a kind has no template or two.
/// </summary>
internal sealed class EmailTemplates
{
    private readonly FrozenDictionary<EmailKind, EmailTemplate> _templates;

    /// <exception cref="InvalidOperationException">The templates do not match the kinds one to one.</exception>
    public EmailTemplates(IEnumerable<EmailTemplate> templates)
    {
        var byKind = templates.ToLookup(template => template.Kind);
        var wrong = Enum.GetValues<EmailKind>()
            .Union(byKind.Select(kind => kind.Key))
            .Where(kind => byKind[kind].Count() != 1 || !Enum.IsDefined(kind))
            .ToList();
        if (wrong.Count > 0)
            throw new InvalidOperationException(
                $"Each kind of email needs exactly one template: {string.Join(", ", wrong)}."
            );

        _templates = byKind.ToFrozenDictionary(kind => kind.Key, kind => kind.Single());
    }

    public EmailTemplate this[EmailKind kind] => _templates[kind];

    public static IReadOnlyList<EmailTemplate> All =>
        [
            new ConfirmSignUpEmail(),
            new AlreadyRegisteredEmail(),
            new WelcomeNewPersonEmail(),
            new WelcomeMemberEmail(),
            new ConfirmAccountEmail(),
            new InvitationEmail(),
            new ResetPasswordEmail(),
            new PasswordChangedEmail(),
            new TwoFactorEnabledEmail(),
            new TwoFactorDisabledEmail(),
            new PasskeyAddedEmail(),
            new PasskeyRemovedEmail(),
            new ConfirmProviderEmail(),
            new ProviderLinkedEmail(),
            new ProviderUnlinkedEmail(),
            new ProviderRequiredEmail(),
            new ProviderRequiredOfConnectedEmail(),
            new DeactivatedEmail(),
            new LeftPracticeEmail(),
            new ConfirmNewEmailEmail(),
            new EmailInUseEmail(),
            new EmailChangeRequestedEmail(),
            new OnboardingDay1Email(),
            new OnboardingDay3Email(),
            new OnboardingDay7Email(),
            new PortalAccessRequestedEmail(),
            new PortalAccessGrantedEmail(),
            new PortalAccessRevokedEmail(),
            new PendingGrantEmail(),
            new PendingGuardianshipEmail(),
            new GuardianshipRequestedEmail(),
            new GuardianAddedEmail(),
            new TakeoverInvitedEmail(),
            new PatientUnlinkedEmail(),
            new ClinicalAccessEndingEmail(),
            new GuardianshipEndingEmail(),
            new PatientInvitationEmail(),
            new GuardianInvitationEmail(),
            new PatientEmailChangedEmail(),
            new NewSignInEmail(),
            new SecondFactorLostEmail(),
            new AppointmentBookedEmail(),
            new AppointmentMovedEmail(),
            new AppointmentCancelledEmail(),
            new RequestConfirmedEmail(),
            new RequestDeclinedEmail(),
            new AppointmentReminderEmail(),
            new MessageCreditLowEmail(),
            new CalendarFeedOpenedEmail(),
        ];
}
