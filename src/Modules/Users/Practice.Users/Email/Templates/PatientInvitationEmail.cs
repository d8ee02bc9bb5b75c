namespace Practice.Users.Email.Templates;

internal sealed class PatientInvitationEmail()
    : EmailTemplate(
        EmailKind.PatientInvitation,
        link: null,
        category: null,
        anyoneCanCause: false,
        invitesToPortal: true
    )
{
    public override string Action => "Accept the invitation";

    public override string Subject(EmailContent content) => $"{content.Practice} invites you to the patient portal";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        var link = content.LinkUrl("portal/claim");
        var patient = content.InvitedPatient ?? "you";
        return $"""
            {practice} invites you to see appointments, invoices and clinical records in the patient portal.
            The invitation is for {patient}.

            Follow this link, then sign in or sign up with this email address:

            {link}
            """;
    }
}
