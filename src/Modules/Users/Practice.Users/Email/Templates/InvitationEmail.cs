using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class InvitationEmail()
    : EmailTemplate(
        EmailKind.Invitation,
        link: null,
        category: EmailCategory.Invitations,
        anyoneCanCause: true,
        countedByPractice: true
    )
{
    public override string Action => "Open your notifications";

    public override string Subject(EmailContent content) => $"{content.From} invites you to {content.Practice}";

    public override string Text(EmailContent content)
    {
        var notifications = content.Url("notifications");
        return $"""
            {content.From} invites you to join {content.Practice}.

            Sign in with your own account, then accept or reject the invitation in your notifications:

            {notifications}
            """;
    }
}
