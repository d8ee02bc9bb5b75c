namespace Practice.Users.Email.Templates;

internal sealed class AlreadyRegisteredEmail()
    : EmailTemplate(EmailKind.AlreadyRegistered, link: null, category: null, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) => "You already have an account";

    public override string Text(EmailContent content)
    {
        var signIn = content.Url("sign-in");
        var forgotPassword = content.Url("forgot-password");
        return $"""
            Someone tried to sign up with this email address, which already has an account. Nothing has changed.

            If it was you, sign in: {signIn}

            If you forgot your password, set a new one: {forgotPassword}
            """;
    }
}
