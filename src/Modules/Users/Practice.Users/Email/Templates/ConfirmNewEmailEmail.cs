using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ConfirmNewEmailEmail()
    : EmailTemplate(EmailKind.ConfirmNewEmail, link: LinkPurpose.ChangeEmail, category: null, anyoneCanCause: true)
{
    public override string Action => "Confirm your new email";

    public override string Subject(EmailContent content) => "Confirm your new email";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl("confirm-email");
        return $"""
            Someone wants to use this email address for their account.

            If it was you, confirm it within 24 hours:

            {link}

            If it was not you, do nothing. Nothing changes without this link.
            """;
    }
}
