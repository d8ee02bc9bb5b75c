namespace Practice.Users.Email.Templates;

internal sealed class PatientEmailChangedEmail()
    : EmailTemplate(EmailKind.PatientEmailChanged, link: null, category: null, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) => $"{content.Practice} no longer uses this email address";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        return $"""
            {practice} had this email address for one of its patients, and has changed or removed it.
            It sends patient portal invitations for that patient to this address no more.

            If this seems wrong to you, call {practice}.
            """;
    }
}
