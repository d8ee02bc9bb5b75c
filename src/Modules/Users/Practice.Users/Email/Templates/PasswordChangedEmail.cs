namespace Practice.Users.Email.Templates;

internal sealed class PasswordChangedEmail()
    : EmailTemplate(EmailKind.PasswordChanged, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "Your password was changed";

    public override string Text(EmailContent content)
    {
        var (forgotPassword, security) = (content.Url("forgot-password"), content.Url("security"));
        return $"""
            The password of your account was changed.

            If it was not you, set a new password now: {forgotPassword}

            If you changed it because someone else knew it, also remove passkeys that are not yours: {security}
            """;
    }
}
