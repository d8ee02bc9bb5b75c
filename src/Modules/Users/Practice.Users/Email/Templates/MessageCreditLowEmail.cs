using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class MessageCreditLowEmail()
    : EmailTemplate(EmailKind.MessageCreditLow, link: null, category: null, anyoneCanCause: false)
{
    public override string Action => "Open the message credit";

    public override string Subject(EmailContent content) => $"Few text messages are left at {content.Practice}";

    public override string Text(EmailContent content)
    {
        var (practice, left) = (content.Practice, Wording.Texts(content.Balance));
        var page = content.Url($"practice/{content.GroupId}/settings/credit");
        return $"""
            {practice} can send {left} more. At zero, text messages stop. Emails go on.

            {page}
            """;
    }
}
