namespace Practice.Users.Email.Templates;

internal sealed class PendingGuardianshipEmail()
    : EmailTemplate(EmailKind.PendingGuardianship, link: null, category: null, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) => $"You were added as a guardian of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var signUp = content.Url("sign-up");
        return $"""
            Someone added this email address as a guardian of {account} in the patient portal.

            Sign up with this email address to become their guardian: {signUp}

            If you do not know what this is about, do nothing.
            """;
    }
}
