using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class GuardianAddedEmail()
    : EmailTemplate(EmailKind.GuardianAdded, link: null, category: EmailCategory.Portal, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) =>
        $"You are a guardian of {content.Portal.Account} in the patient portal";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var portal = content.Url("portal");
        return $"""
            {content.From} added you as a guardian of {account}. You can now open their patient portal.

            Sign in with your own account and switch to it: {portal}
            """;
    }
}
