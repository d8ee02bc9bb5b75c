using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class GuardianAddedEmail()
    : EmailTemplate(EmailKind.GuardianAdded, link: null, category: EmailCategory.Portal, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) =>
        $"{content.From} is now a guardian of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var portal = content.Url("portal");
        return $"""
            {content.From} has accepted to be a guardian of {account}, and can open their patient portal.

            You see all guardians in the portal: {portal}
            """;
    }
}
