using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class DeactivatedEmail()
    : EmailTemplate(
        EmailKind.Deactivated,
        link: null,
        category: EmailCategory.Memberships,
        anyoneCanCause: true,
        countedByPractice: true
    )
{
    public override string Subject(EmailContent content) => $"Your access to {content.Practice} has ended";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        return $"""
            {practice} has ended your access. Your account and your access elsewhere stay the same.

            If you think this is a mistake, please contact the practice.
            """;
    }
}
