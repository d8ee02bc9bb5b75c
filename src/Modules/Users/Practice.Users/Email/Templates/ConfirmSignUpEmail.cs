using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ConfirmSignUpEmail()
    : EmailTemplate(EmailKind.ConfirmSignUp, link: LinkPurpose.ConfirmSignUp, category: null, anyoneCanCause: true)
{
    public override string Action => "Confirm your email";

    public override string Subject(EmailContent content) => "Confirm your email";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl("confirm-email?password");
        return $"""
            Someone signed up with this email address: {content.SignUp}

            If it was you, confirm your email and enter your password within 24 hours:

            {link}

            If it was not you, or these are not your initials, do nothing. No account is created without this
            link.
            """;
    }
}
