using Practice.Contracts.PatientPortal;
using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class ClinicalAccessEndingEmail()
    : EmailTemplate(EmailKind.ClinicalAccessEnding, link: null, category: EmailCategory.Portal, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) =>
        NotificationContent.TitleOf(
            GuardianshipLimit.ClinicalSuspended,
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
            In {days}, on {date}, {account} reaches the age at which a guardian's access to clinical records ends.
            From that day on, you see only appointments and invoices.

            Nothing changes until then: {portal}
            """;
    }
}
