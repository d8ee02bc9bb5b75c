using Microsoft.Extensions.Options;
using Practice.Users.Domain;

namespace Practice.Users.Mail;

/// <summary>What a mail is about; each has its text in <see cref="Letters"/>.</summary>
public enum Letter
{
    /// <summary>Prove that the email you signed up with is yours.</summary>
    ConfirmSignUp,

    /// <summary>Somebody signed up with an email that has an account.</summary>
    AlreadyRegistered,

    /// <summary>A practice has made an account for you.</summary>
    WelcomeNewPerson,

    /// <summary>You have joined a practice with the account you had.</summary>
    WelcomeMember,

    /// <summary>The link of <see cref="WelcomeNewPerson"/> once more.</summary>
    ConfirmAccount,

    Invitation,
    ResetPassword,
    PasswordChanged,
    TwoFactorEnabled,
    TwoFactorDisabled,
    Deactivated,
}

/// <summary>The texts of all mails. None holds a password, and only the link says who may follow it.</summary>
internal sealed class Letters(IOptions<PublicUrlOptions> options)
{
    /// <summary>Which link a letter carries, if it carries one that does something.</summary>
    public static LinkPurpose? LinkOf(Letter letter) => letter switch
    {
        Letter.ConfirmSignUp => LinkPurpose.ConfirmSignUp,
        Letter.WelcomeNewPerson or Letter.ConfirmAccount => LinkPurpose.ConfirmAccount,
        Letter.ResetPassword => LinkPurpose.ResetPassword,
        _ => null,
    };

    /// <summary>Whether anybody can have it sent to any address, by knowing the address.</summary>
    public static bool IsAskedFor(Letter letter) =>
        letter is Letter.ConfirmSignUp or Letter.AlreadyRegistered or Letter.ConfirmAccount or Letter.ResetPassword;

    public (string Subject, string Text) Write(DeliverMail mail, MintedLink? link)
    {
        var token = link?.Token;
        var practice = mail.Practice ?? "a practice";
        return mail.Letter switch
        {
            Letter.ConfirmSignUp => ("Confirm your email", $"""
                Somebody, hopefully you, has signed up with this email: {link?.SignUp}

                Follow this link within 24 hours to confirm that it is yours:

                {Url("confirm-email", token)}

                If it wasn't you, then and with this name, do nothing: without the link there is no account. Following the link of
                somebody else's sign-up would make an account whose password they know.
                """),
            Letter.AlreadyRegistered => ("You already have an account", $"""
                Somebody, perhaps you, has tried to sign up with this email, which has an account already. Nothing has changed.

                Sign in here: {Url("sign-in")}

                If you have forgotten your password, you can set a new one there: {Url("forgot-password")}
                """),
            Letter.WelcomeNewPerson => ($"Welcome to {practice}", $"""
                {practice} has added you to its team and made an account for you, with this email.

                Follow this link to confirm that the email is yours, and to choose your password:

                {Url("confirm-email", token)}

                The link works for 7 days. After that, ask for a new one here: {Url("forgot-password")}
                """),
            Letter.ConfirmAccount => ("Confirm your email", $"""
                Follow this link to confirm that this email is yours, and to choose your password:

                {Url("confirm-email", token)}

                The link works for 7 days. If you didn't ask for it, do nothing.
                """),
            Letter.WelcomeMember => ($"Welcome to {practice}", $"""
                You are now a member of {practice}.

                Sign in with your own account, and switch to it there: {Url("sign-in")}
                """),
            Letter.Invitation => ($"{mail.From} invites you to {practice}", $"""
                {mail.From} invites you to join {practice}.

                Sign in with your own account, and accept or reject the invitation under your notifications:

                {Url("notifications")}
                """),
            Letter.ResetPassword => ("Set a new password", $"""
                Somebody, hopefully you, has asked for a new password for your account.

                Follow this link within one hour to set it:

                {Url("reset-password", token)}

                If it wasn't you, do nothing: your password stays as it is.
                """),
            Letter.PasswordChanged => ("Your password was changed", $"""
                The password of your account has been changed.

                If it wasn't you, set a new one at once: {Url("forgot-password")}
                """),
            Letter.TwoFactorEnabled => ("Two factors are on", $"""
                Signing in to your account now takes a code of an authenticator app besides the password.

                If it wasn't you, set a new password at once, and then turn them off with a recovery code or ask your practice for help: {Url("forgot-password")}
                """),
            Letter.TwoFactorDisabled => ("Two factors are off", $"""
                Signing in to your account now takes the password alone.

                If it wasn't you, set a new password at once: {Url("forgot-password")}
                """),
            _ => ($"Your access to {practice} has ended", $"""
                {practice} has ended your access. Your account stays, and so does what you can do elsewhere.

                If you think that this is a mistake, please speak with the practice.
                """),
        };
    }

    private string Url(string path, string? token = null)
    {
        var url = $"{options.Value.PublicUrl.TrimEnd('/')}/{path}";
        return token is null ? url : $"{url}?token={Uri.EscapeDataString(token)}";
    }
}
