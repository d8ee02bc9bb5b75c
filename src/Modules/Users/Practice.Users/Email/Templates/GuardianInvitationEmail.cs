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
    public override string Subject(EmailContent content) =>
        $"{content.Practice} invites you to the patient portal as a guardian";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        var link = content.LinkUrl("portal/claim");
        return $"""
            {practice} invites you, as the guardian of one of its patients, to see their appointments, invoices
            and clinical records in the patient portal.

            Follow this link, then sign in or sign up with this email address. Choose the patient you care for,
            not your own account:

            {link}

            If {practice} sends you another link, use the newest one.
            """;
    }
}
