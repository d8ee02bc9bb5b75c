namespace Practice.Users.Email.Templates;

internal sealed class PasskeyAddedEmail()
    : EmailTemplate(EmailKind.PasskeyAdded, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "A passkey was added";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        var security = content.Url("security");
        return $"""
            A passkey was added to your account. It signs you in without a password or a code.

            If it was not you, set a new password now: {forgotPassword}

            Then sign in, and remove the passkey that you do not know under Security: {security}
            """;
    }
}
