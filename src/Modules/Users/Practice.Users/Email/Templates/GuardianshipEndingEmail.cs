using Practice.Contracts.PatientPortal;
using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class GuardianshipEndingEmail()
    : EmailTemplate(EmailKind.GuardianshipEnding, link: null, category: EmailCategory.Portal, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) =>
        NotificationContent.TitleOf(
            GuardianshipLimit.GuardianshipEnds,
            content.Portal.Account,
            content.Portal.On!.Value
        );

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var date = Wording.Date(content.Portal.On!.Value);
        var days = Wording.Days(content.Portal.Days!.Value);
        var portal = content.Url("portal");
        return $"""
            In {days}, on {date}, your guardianship of {account} ends.
            From that day on, you can no longer open their patient portal.

            Nothing changes until then: {portal}
            """;
    }
}
