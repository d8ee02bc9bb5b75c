using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class OnboardingDay1Email()
    : EmailTemplate(
        EmailKind.OnboardingDay1,
        link: LinkPurpose.StopOnboarding,
        category: EmailCategory.Onboarding,
        anyoneCanCause: false
    )
{
    public override string Subject(EmailContent content) => $"Your first days at {content.Practice}";

    public override string Text(EmailContent content)
    {
        var notifications = content.Url("notifications");
        return $"""
            Your notifications tell you what changes for you: {notifications}

            You also answer invitations from other practices there. You need only one account for all of them.

            This is one of three emails in your first week. To stop them: {content.UnsubscribeUrl}
            """;
    }
}
