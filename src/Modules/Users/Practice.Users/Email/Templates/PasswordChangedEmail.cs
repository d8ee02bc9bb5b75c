namespace Practice.Users.Email.Templates;

internal sealed class PasswordChangedEmail()
    : EmailTemplate(EmailKind.PasswordChanged, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "Your password was changed";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            The password of your account was changed.

            If it was not you, set a new password now: {forgotPassword}
            """;
    }
}
