using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ConfirmProviderEmail()
    : EmailTemplate(EmailKind.ConfirmProvider, link: LinkPurpose.LinkProvider, category: null, anyoneCanCause: true)
{
    public override string Action => "Connect and sign in";

    public override string Subject(EmailContent content) => $"Sign in with {content.Provider}?";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl($"sign-in/provider/{content.Provider}/link");
        return $"""
            Someone signed in with {content.Provider} and wants to use it for your account.

            If it was you, open this link within 1 hour, in the browser where you signed in:

            {link}

            If it was not you, do nothing. {content.Provider} then does not sign anyone in to your account.
            """;
    }
}
