namespace Practice.Users.Email.Templates;

internal sealed class ProviderUnlinkedEmail()
    : EmailTemplate(EmailKind.ProviderUnlinked, link: null, category: null, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => $"{content.Provider} was disconnected";

    public override string Text(EmailContent content)
    {
        var forgotPassword = content.Url("forgot-password");
        return $"""
            {content.Provider} was disconnected from your account, and your other devices were signed out. Sign in with
            your password from now on.

            If it was not you, set a new password now: {forgotPassword}
            """;
    }
}
