using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class GuardianshipRequestedEmail()
    : EmailTemplate(EmailKind.GuardianshipRequested, link: null, category: EmailCategory.Portal, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"{content.From} asks you to be a guardian of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var notifications = content.Url("notifications");
        return $"""
            {content.From} asks you to be a guardian of {account} in the patient portal.

            Accept or decline in your notifications: {notifications}

            If you do not know what this is about, decline or do nothing. {content.From} is not told.
            """;
    }
}
