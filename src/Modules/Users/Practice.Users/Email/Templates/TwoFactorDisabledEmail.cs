namespace Practice.Users.Email.Templates;

internal sealed class TwoFactorDisabledEmail()
    : EmailTemplate(EmailKind.TwoFactorDisabled, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "Two-factor authentication is off";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            Signing in to your account now requires only your password.

            If it was not you, set a new password now: {forgotPassword}
            """;
    }
}
