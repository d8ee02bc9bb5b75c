using Practice.Contracts.PatientPortal;
using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class PortalAccessGrantedEmail()
    : EmailTemplate(EmailKind.PortalAccessGranted, link: null, category: EmailCategory.Portal, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"You have access to the patient portal of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var role = Wording.Of(content.Portal.Role!.Value);
        var sees = Visible(content.Portal.Level!.Value);
        var portal = content.Url("portal");
        return $"""
            You can now open the patient portal of {account}: {role}.
            You see {sees}.

            Sign in with your own account and switch to it: {portal}
            """;
    }

    private static string Visible(PortalLevel level) =>
        level switch
        {
            PortalLevel.Administrative => "appointments and invoices",
            PortalLevel.Clinical => "appointments, invoices and clinical records",
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };
}
