namespace Practice.Users.Email.Templates;

internal sealed class TwoFactorEnabledEmail()
    : EmailTemplate(EmailKind.TwoFactorEnabled, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "Two-factor authentication is on";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            Signing in to your account now requires a code from your authenticator app as well as your password.

            If it was not you, set a new password now: {forgotPassword}

            Then turn off two-factor authentication with a recovery code, or ask your practice for help.
            """;
    }
}
