namespace Practice.Users.Email.Templates;

internal sealed class PasskeyRemovedEmail()
    : EmailTemplate(EmailKind.PasskeyRemoved, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "A passkey was removed";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            A passkey was removed from your account, and your other devices were signed out.

            If it was not you, set a new password now: {forgotPassword}
            """;
    }
}
