using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class PortalAccessRequestedEmail()
    : EmailTemplate(EmailKind.PortalAccessRequested, link: null, category: EmailCategory.Portal, anyoneCanCause: true)
{
    public override string Subject(EmailContent content) =>
        $"{content.From} asks for access to the patient portal of {content.Portal.Account}";

    public override string Text(EmailContent content)
    {
        var account = content.Portal.Account;
        var role = Wording.Of(content.Portal.Role!.Value);
        var access = content.Url("portal/access");
        return $"""
            {content.From} asks for access to the patient portal of {account}: {role}.

            Sign in with your own account to grant or deny it: {access}

            They see nothing until you grant it. If you do not know this person, deny the request.
            """;
    }
}
