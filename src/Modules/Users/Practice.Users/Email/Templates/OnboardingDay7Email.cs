using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class OnboardingDay7Email()
    : EmailTemplate(
        EmailKind.OnboardingDay7,
        link: LinkPurpose.StopOnboarding,
        category: EmailCategory.Onboarding,
        anyoneCanCause: false
    )
{
    public override string Action => "Open your account";

    public override string Subject(EmailContent content) => "One week in";

    public override string Text(EmailContent content)
    {
        var account = content.Url("account");
        return $"""
            Your account page shows where you are signed in. There you can sign out other devices and choose
            which emails you get:

            {account}

            If you cannot see or do something at {content.Practice}, ask there for another access level.

            This is one of three emails in your first week. To stop them: {content.UnsubscribeUrl}
            """;
    }
}
