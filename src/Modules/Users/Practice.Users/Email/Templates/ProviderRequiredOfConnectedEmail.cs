using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ProviderRequiredOfConnectedEmail()
    : EmailTemplate(
        EmailKind.ProviderRequiredOfConnected,
        link: null,
        category: EmailCategory.Memberships,
        anyoneCanCause: true,
        countedByPractice: true
    )
{
    public override string Action => "Sign in";

    public override string Subject(EmailContent content) =>
        $"{content.Practice} requires a sign-in with {content.Provider}";

    public override string Text(EmailContent content)
    {
        var (practice, provider) = (content.Practice, content.Provider);
        var signIn = content.Url("sign-in");
        return $"""
            From now on, {practice} opens only for people who sign in with {provider}. You have connected it already.

            Choose {provider} when you sign in: {signIn}
            """;
    }
}
