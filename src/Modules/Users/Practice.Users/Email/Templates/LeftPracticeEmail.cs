using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class LeftPracticeEmail()
    : EmailTemplate(
        EmailKind.LeftPractice,
        link: null,
        category: EmailCategory.Memberships,
        anyoneCanCause: true,
        countedByPractice: true
    )
{
    public override string Subject(EmailContent content) => $"You left {content.Practice}";

    public override string Text(EmailContent content)
    {
        var practice = content.Practice;
        return $"""
            You no longer have access to {practice}. Your account and your access elsewhere stay the same.

            If you did not expect this, please contact the practice.
            """;
    }
}
