using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ConfirmNewEmailEmail()
    : EmailTemplate(EmailKind.ConfirmNewEmail, link: LinkPurpose.ChangeEmail, category: null, anyoneCanCause: true)
{
    public override string Action => "Confirm your new email";

    public override string Subject(EmailContent content) => "Confirm your new email";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl("confirm-email?change"); // the page asks for the password, or for a session
        var asks = content.FromOrNone is { } name ? $"Someone with the name {name}" : "Someone";
        return $"""
            {asks} wants to use this email address for their account.

            If it was you, confirm it within 24 hours, where you are signed in or with your password:

            {link}

            If it was not you, do nothing. The address stays yours.
            """;
    }
}
