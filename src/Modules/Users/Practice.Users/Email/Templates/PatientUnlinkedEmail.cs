using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class PatientUnlinkedEmail()
    : EmailTemplate(EmailKind.PatientUnlinked, link: null, category: EmailCategory.Portal, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"{content.Practice} has unlinked records from the patient portal of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        return $"""
            {practice} has unlinked the records of {content.Patient} from the patient portal of
            {content.Portal.Account}. The portal no longer shows what {practice} keeps of {content.Patient}.

            If this seems wrong to you, call {practice}. They can invite you again.
            """;
    }
}
