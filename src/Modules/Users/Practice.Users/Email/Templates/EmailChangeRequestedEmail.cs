namespace Practice.Users.Email.Templates;

internal sealed class EmailChangeRequestedEmail()
    : EmailTemplate(EmailKind.EmailChangeRequested, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "Your email is about to change";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            Someone requested a new email address for your account. The change takes effect when the link sent
            to the new address is followed, within 24 hours.

            If it was not you, set a new password now. That cancels the change: {forgotPassword}
            """;
    }
}
