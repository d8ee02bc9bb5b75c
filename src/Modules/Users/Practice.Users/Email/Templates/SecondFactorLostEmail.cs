using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class SecondFactorLostEmail()
    : EmailTemplate(EmailKind.SecondFactorLost, link: LinkPurpose.KeepTwoFactor, category: null, anyoneCanCause: false)
{
    public override string Action => "Keep two-factor authentication on";

    public override string Subject(EmailContent content) => "Two-factor authentication turns off in 24 hours";

    public override string Text(EmailContent content)
    {
        var link = content.LinkUrl("keep-two-factor");
        return $"""
            Someone set a new password for your account with a link from this mailbox, and said that they have
            lost their authenticator app and their recovery codes.

            If it was you: in 24 hours, sign in with your email and the new password. Two-factor authentication
            is then off, and you can set it up again.

            If it was not you, keep two-factor authentication on now:

            {link}

            Then change the password of this mailbox: someone else can read it.
            """;
    }
}
