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

    public (string Subject, string Text) Write(DeliverMail mail, string? token)
    {
        var practice = mail.Practice ?? "a practice";
        return mail.Letter switch
        {
            Letter.ConfirmSignUp => ("Confirm your email", $"""
                Somebody, hopefully you, has signed up with this email.

                Follow this link within 24 hours to confirm that it is yours:

                {Url("confirm-email", token)}

                If it wasn't you, do nothing: without the link there is no account.
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
