namespace Practice.Users.Email.Templates;

internal sealed class PendingGuardianshipEmail()
    : EmailTemplate(EmailKind.PendingGuardianship, link: null, category: null, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"You are asked to be a guardian of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var signUp = content.Url("sign-up");
        return $"""
            Someone asks the person with this email address to be a guardian of {account} in the patient portal.

            Sign up with this email address, then accept or decline in your notifications: {signUp}

            If you do not know what this is about, do nothing.
            """;
    }
}
