using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class PortalAccessRevokedEmail()
    : EmailTemplate(EmailKind.PortalAccessRevoked, link: null, category: EmailCategory.Portal, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"Your access to the patient portal of {content.Portal.Account} has ended";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        return $"""
            You can no longer open the patient portal of {account}. Your own account stays the same.

            If you think this is a mistake, please contact the person who gave you access.
            """;
    }
}
