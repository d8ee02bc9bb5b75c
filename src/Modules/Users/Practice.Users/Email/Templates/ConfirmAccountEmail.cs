using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ConfirmAccountEmail()
    : EmailTemplate(EmailKind.ConfirmAccount, link: LinkPurpose.ConfirmAccount, category: null, anyoneCanCause: true)
{
    public override string Action => "Choose your password";

    public override string Subject(EmailContent content) => "Confirm your email";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl("confirm-email?choose");
        return $"""
            Confirm your email and choose your password:

            {link}

            The link works for 7 days. If you did not request it, do nothing.
            """;
    }
}
