using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class OnboardingDay3Email()
    : EmailTemplate(
        EmailKind.OnboardingDay3,
        link: LinkPurpose.StopOnboarding,
        category: EmailCategory.Onboarding,
        anyoneCanCause: false
    )
{
    public override string Subject(EmailContent content) => "Keep your account safe";

    public override string Text(EmailContent content)
    {
        var security = content.Url("security");
        return $"""
            A password can be stolen. With two-factor authentication, signing in also requires a code from an
            app on your phone.

            Turn it on: {security}

            This is one of three emails in your first week. To stop them: {content.UnsubscribeUrl}
            """;
    }
}
