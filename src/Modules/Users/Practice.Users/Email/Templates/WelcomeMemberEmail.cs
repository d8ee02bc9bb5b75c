using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class WelcomeMemberEmail()
    : EmailTemplate(EmailKind.WelcomeMember, link: null, category: EmailCategory.Memberships, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => $"Welcome to {content.Practice}";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        var signIn = content.Url("sign-in");
        return $"""
            You are now a member of {practice}.

            Sign in with your own account and switch to {practice}: {signIn}
            """;
    }
}
