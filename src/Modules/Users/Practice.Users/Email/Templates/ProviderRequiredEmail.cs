using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ProviderRequiredEmail()
    : EmailTemplate(
        EmailKind.ProviderRequired,
        link: null,
        category: EmailCategory.Memberships,
        anyoneCanCause: true,
        countedByPractice: true
    )
{
    public override string Action => "Connect it";

    public override string Subject(EmailContent content) =>
        $"{content.Practice} requires a sign-in with {content.Provider}";

    public override string Text(EmailContent content)
    {
        var (practice, provider) = (content.Practice, content.Provider);
        var security = content.Url("security");
        return $"""
            From now on, {practice} opens only for people who sign in with {provider}.

            Connect {provider} with your account under Security. You need the same email there as here:

            {security}

            Then sign out, and sign in with {provider}.
            """;
    }
}
