using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ResetPasswordEmail()
    : EmailTemplate(EmailKind.ResetPassword, link: LinkPurpose.ResetPassword, category: null, anyoneCanCause: true)
{
    public override string Action => "Set a new password";

    public override string Subject(EmailContent content) => "Set a new password";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl("reset-password");
        return $"""
            Someone requested a new password for your account.

            If it was you, set a new password within 1 hour:

            {link}

            If it was not you, do nothing. Your password stays the same.
            """;
    }
}
