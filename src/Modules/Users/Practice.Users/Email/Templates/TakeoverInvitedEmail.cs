using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class TakeoverInvitedEmail()
    : EmailTemplate(EmailKind.TakeoverInvited, link: null, category: EmailCategory.Portal, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"{content.Practice} invites {content.Portal.Account} to their own patient portal";

    public override string Text(EmailContent content)
    {
        var (practice, account) = (content.Practice, content.Portal.Account);
        return $"""
            {account} is of age, and {practice} has invited them to see their records themselves.
            When they accept, you no longer see what {practice} keeps of them.

            If this seems wrong to you, call {practice}.
            """;
    }
}
