namespace Practice.Users.Email.Templates;

internal sealed class EmailInUseEmail()
    : EmailTemplate(EmailKind.EmailInUse, link: null, category: null, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) => "Your email is already in use";

    public override string Text(EmailContent content)
    {
        var signIn = content.Url("sign-in");
        return $"""
            Someone tried to change the email of another account to this address, which already has an account.
            Nothing has changed.

            Sign in to your account: {signIn}
            """;
    }
}
