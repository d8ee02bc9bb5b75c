using Practice.Users.Domain;

namespace Practice.Users.Email.Templates;

internal sealed class NewSignInEmail()
    : EmailTemplate(EmailKind.NewSignIn, link: null, category: EmailCategory.NewSignIns, anyoneCanCause: false)
{
    public override string Subject(EmailContent content) => "New sign-in to your account";

    public override string Text(EmailContent content)
    {
        var signIn = content.SignIn;
        var (devices, forgotPassword) = (content.Url("account/sessions"), content.Url("forgot-password"));
        return $"""
            Someone signed in to your account with a device or from a place that is new:

            Device: {signIn.Device}
            When: {Wording.Time(signIn.At)}
            Network address: {signIn.Address}

            If it was you, do nothing.

            If it was not you, set a new password now. That signs everyone out: {forgotPassword}

            All devices that are signed in: {devices}
            """;
    }
}
