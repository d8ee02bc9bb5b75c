namespace Practice.Users.Email.Templates;

internal sealed class ProviderLinkedEmail()
    : EmailTemplate(EmailKind.ProviderLinked, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => $"{content.Provider} was connected";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        var security = content.Url("security");
        return $"""
            {content.Provider} was connected with your account. It signs you in without your password.

            If it was not you, set a new password now: {forgotPassword}

            Then sign in with it, and disconnect {content.Provider} under Security: {security}
            """;
    }
}
