using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class WelcomeNewPersonEmail()
    : EmailTemplate(EmailKind.WelcomeNewPerson, link: LinkPurpose.ConfirmAccount, category: null, anyoneCanCause: false)
{
    public override string Action => "Choose your password";

    public override string Subject(EmailContent content) => $"Welcome to {content.Practice}";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        var link = content.LinkUrl("confirm-email?choose");
        var forgotPassword = content.Url("forgot-password");
        return $"""
            {practice} added you to its team and created an account for you with this email address.

            Confirm your email and choose your password:

            {link}

            The link works for 7 days. After that, request a new one: {forgotPassword}
            """;
    }
}
