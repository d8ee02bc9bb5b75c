namespace Practice.Users.Email.Templates;

internal sealed class PendingGrantEmail()
    : EmailTemplate(EmailKind.PendingGrant, link: null, category: null, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"The patient portal of {content.Portal.Account} is shared with you";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var signUp = content.Url("sign-up");
        return $"""
            Someone shares the patient portal of {account} with this email address, which has no account yet.

            Sign up with this email address to get access: {signUp}

            If you do not know what this is about, do nothing.
            """;
    }
}
