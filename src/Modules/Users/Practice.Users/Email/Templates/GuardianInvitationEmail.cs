namespace Practice.Users.Email.Templates;

internal sealed class GuardianInvitationEmail()
    : EmailTemplate(
        EmailKind.GuardianInvitation,
        link: null,
        category: null,
        anyoneCanCause: false,
        invitesToPortal: true
    )
{
    public override string Action => "Accept the invitation";

    public override string Subject(EmailContent content) =>
        $"{content.Practice} invites you to the patient portal as a guardian";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        var link = content.LinkUrl("portal/claim");
        var patient = content.InvitedPatient ?? "one of its patients";
        return $"""
            {practice} invites you, as the guardian of {patient}, to see their appointments, invoices and
            clinical records in the patient portal.

            Follow this link, then sign in or sign up with this email address. Choose the account of the person
            you care for, not your own:

            {link}
            """;
    }
}
