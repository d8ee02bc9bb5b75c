using System.Globalization;
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

    /// <summary>Show that the email you want to change to is yours.</summary>
    ConfirmNewEmail,

    /// <summary>Somebody wants to change to an email that has an account.</summary>
    EmailInUse,

    /// <summary>To the old address: your email is to be changed.</summary>
    EmailChangeAsked,

    OnboardingDay1,
    OnboardingDay3,
    OnboardingDay7,

    /// <summary>Somebody asks for access to a portal account that you decide about.</summary>
    PortalAccessRequested,

    PortalAccessGranted,
    PortalAccessRevoked,

    /// <summary>To an email without an account: a portal account is shared with whoever proves it.</summary>
    PortalAccessOffered,

    GuardianAdded,

    /// <summary>A guardian's access to clinical records is about to end with the dependant's age.</summary>
    ClinicalAccessEnding,

    GuardianshipEnding,

    /// <summary>A practice invites a patient to the portal.</summary>
    PatientInvitation,

    /// <summary>A practice invites a patient's guardian to the portal.</summary>
    GuardianInvitation,
}

/// <summary>The texts of all mails. None holds a password, and only the link says who may follow it.</summary>
internal sealed class Letters(IOptions<PublicUrlOptions> options)
{
    public const string UnsubscribePath = "unsubscribe";

    /// <summary>Which link a letter carries, if it carries one that does something.</summary>
    public static LinkPurpose? LinkOf(Letter letter) =>
        letter switch
        {
            Letter.ConfirmSignUp => LinkPurpose.ConfirmSignUp,
            Letter.WelcomeNewPerson or Letter.ConfirmAccount => LinkPurpose.ConfirmAccount,
            Letter.ResetPassword => LinkPurpose.ResetPassword,
            Letter.ConfirmNewEmail => LinkPurpose.ChangeEmail,
            Letter.OnboardingDay1 or Letter.OnboardingDay3 or Letter.OnboardingDay7 => LinkPurpose.StopOnboarding,
            _ => null,
        };

    /// <summary>Whether its link is one that only the portal can make.</summary>
    public static bool InvitesPatient(Letter letter) => letter is Letter.PatientInvitation or Letter.GuardianInvitation;

    /// <summary>
    /// The kind by which a person can switch a letter off; null for those that guard the account, or hold its first link, and for
    /// those to addresses that may have no account.
    /// </summary>
    public static MailKind? KindOf(Letter letter) =>
        letter switch
        {
            Letter.OnboardingDay1 or Letter.OnboardingDay3 or Letter.OnboardingDay7 => MailKind.Onboarding,
            Letter.Invitation => MailKind.Invitations,
            Letter.WelcomeMember or Letter.Deactivated => MailKind.Memberships,
            Letter.PortalAccessRequested
            or Letter.PortalAccessGranted
            or Letter.PortalAccessRevoked
            or Letter.GuardianAdded
            or Letter.ClinicalAccessEnding
            or Letter.GuardianshipEnding => MailKind.Portal,
            _ => null,
        };

    /// <summary>Whether anybody can have it sent to any address, by knowing the address.</summary>
    public static bool IsAskedFor(Letter letter) =>
        letter
            is Letter.ConfirmSignUp
                or Letter.AlreadyRegistered
                or Letter.ConfirmAccount
                or Letter.ResetPassword
                or Letter.ConfirmNewEmail
                or Letter.EmailInUse
                or Letter.PortalAccessRequested
                or Letter.PortalAccessOffered;

    public (string Subject, string Text) Write(DeliverMail mail, MintedLink? link)
    {
        var token = link?.Token;
        var practice = mail.Practice ?? "a practice";
        var portal = mail.Portal ?? new PortalNews("a patient");
        return mail.Letter switch
        {
            Letter.ConfirmSignUp => (
                "Confirm your email",
                $"""
                Somebody, hopefully you, has signed up with this email: {link?.SignUp}

                Follow this link within 24 hours to confirm that it is yours:

                {Url("confirm-email", token)}

                If it wasn't you, then and with this name, do nothing: without the link there is no account. Following the link of
                somebody else's sign-up would make an account whose password they know.
                """
            ),
            Letter.AlreadyRegistered => (
                "You already have an account",
                $"""
                Somebody, perhaps you, has tried to sign up with this email, which has an account already. Nothing has changed.

                Sign in here: {Url("sign-in")}

                If you have forgotten your password, you can set a new one there: {Url("forgot-password")}
                """
            ),
            Letter.WelcomeNewPerson => (
                $"Welcome to {practice}",
                $"""
                {practice} has added you to its team and made an account for you, with this email.

                Follow this link to confirm that the email is yours, and to choose your password:

                {Url("confirm-email", token)}

                The link works for 7 days. After that, ask for a new one here: {Url("forgot-password")}
                """
            ),
            Letter.ConfirmAccount => (
                "Confirm your email",
                $"""
                Follow this link to confirm that this email is yours, and to choose your password:

                {Url("confirm-email", token)}

                The link works for 7 days. If you didn't ask for it, do nothing.
                """
            ),
            Letter.WelcomeMember => (
                $"Welcome to {practice}",
                $"""
                You are now a member of {practice}.

                Sign in with your own account, and switch to it there: {Url("sign-in")}
                """
            ),
            Letter.Invitation => (
                $"{mail.From} invites you to {practice}",
                $"""
                {mail.From} invites you to join {practice}.

                Sign in with your own account, and accept or reject the invitation under your notifications:

                {Url("notifications")}
                """
            ),
            Letter.ResetPassword => (
                "Set a new password",
                $"""
                Somebody, hopefully you, has asked for a new password for your account.

                Follow this link within one hour to set it:

                {Url("reset-password", token)}

                If it wasn't you, do nothing: your password stays as it is.
                """
            ),
            Letter.PasswordChanged => (
                "Your password was changed",
                $"""
                The password of your account has been changed.

                If it wasn't you, set a new one at once: {Url("forgot-password")}
                """
            ),
            Letter.TwoFactorEnabled => (
                "Two factors are on",
                $"""
                Signing in to your account now takes a code of an authenticator app besides the password.

                If it wasn't you, set a new password at once, and then turn them off with a recovery code or ask your practice for help: {Url(
                    "forgot-password"
                )}
                """
            ),
            Letter.TwoFactorDisabled => (
                "Two factors are off",
                $"""
                Signing in to your account now takes the password alone.

                If it wasn't you, set a new password at once: {Url("forgot-password")}
                """
            ),
            Letter.ConfirmNewEmail => (
                "Confirm your new email",
                $"""
                Somebody, hopefully you, wants to use this email for their account from now on.

                Follow this link within 24 hours to confirm that it is yours:

                {Url("confirm-email", token)}

                If it wasn't you, do nothing: without the link nothing changes.
                """
            ),
            Letter.EmailInUse => (
                "Your email is in use already",
                $"""
                Somebody, perhaps you, has tried to change the email of another account to this one, which has an account already.
                Nothing has changed.

                Sign in here: {Url("sign-in")}
                """
            ),
            Letter.EmailChangeAsked => (
                "Your email is to be changed",
                $"""
                Somebody, hopefully you, has asked to use another email for your account. It changes when the link that was mailed
                there is followed, within 24 hours.

                If it wasn't you, set a new password at once, which ends that: {Url("forgot-password")}
                """
            ),
            Letter.OnboardingDay1 => (
                $"Your first days at {practice}",
                $"""
                Everything that you are told is under your notifications: {Url("notifications")}

                There you also answer the invitations of other practices. One sign-in is enough for all of them.

                {NoMore(token)}
                """
            ),
            Letter.OnboardingDay3 => (
                "Keep your account safe",
                $"""
                A password can be found out. With two factors, signing in to your account also takes a code of an app on your phone.

                Turn them on here: {Url("security")}

                {NoMore(token)}
                """
            ),
            Letter.OnboardingDay7 => (
                "One week in",
                $"""
                Under your account you see where you are signed in, sign other devices out, and choose which mails you get:

                {Url("account")}

                If there is something that you can't see or do at {practice}, ask there for another access level.

                {NoMore(token)}
                """
            ),
            Letter.PortalAccessRequested => (
                $"{mail.From} asks for access to the patient portal of {portal.Account}",
                $"""
                {mail.From} asks for access to the patient portal of {portal.Account}, with the role {InWords(
                    portal.Role
                )}.

                Sign in with your own account, and grant or deny it there: {Url("portal/access")}

                Until you grant it they see nothing, and are not even told that there is such an account.
                """
            ),
            Letter.PortalAccessGranted => (
                $"You have access to the patient portal of {portal.Account}",
                $"""
                You may now open the patient portal of {portal.Account}, with the role {InWords(portal.Role)}.
                You see appointments and invoices{(portal.Level == "clinical" ? ", and clinical records too" : "")}.

                Sign in with your own account, and switch to it there: {Url("portal")}
                """
            ),
            Letter.PortalAccessRevoked => (
                $"Your access to the patient portal of {portal.Account} has ended",
                $"""
                You may no longer open the patient portal of {portal.Account}. Your own account stays as it is.

                If you think that this is a mistake, please speak with the person who had let you in.
                """
            ),
            Letter.PortalAccessOffered => (
                $"The patient portal of {portal.Account} is shared with you",
                $"""
                Somebody shares the patient portal of {portal.Account} with you, by this email, which has no account yet.

                Sign up with this email, and access to it is yours: {Url("sign-up")}

                If you don't know what this is about, do nothing.
                """
            ),
            Letter.GuardianAdded => (
                $"You are a guardian of {portal.Account} in the patient portal",
                $"""
                {mail.From} has added you as a guardian of {portal.Account}: you may now open their patient portal.

                Sign in with your own account, and switch to it there: {Url("portal")}
                """
            ),
            Letter.ClinicalAccessEnding => (
                $"From {Day(portal.On)} you see no clinical records of {portal.Account}",
                $"""
                In {portal.Days} days, on {Day(
                    portal.On
                )}, {portal.Account} reaches the age at which a guardian's access to clinical
                records is suspended. From that day on you see appointments and invoices only.

                Until then nothing changes: {Url("portal")}
                """
            ),
            Letter.GuardianshipEnding => (
                $"On {Day(portal.On)} your guardianship of {portal.Account} ends",
                $"""
                In {portal.Days} days, on {Day(
                    portal.On
                )}, your guardianship of {portal.Account} ends. From that day on you can no longer
                open their patient portal.

                Until then nothing changes: {Url("portal")}
                """
            ),
            Letter.PatientInvitation => (
                $"{practice} invites you to the patient portal",
                $"""
                {practice} invites you to see your appointments, invoices and clinical records in the patient portal.

                Follow this link, and sign in or sign up with this email:

                {Url("portal/claim", token)}

                If {practice} mails you another link, that one takes the place of this.
                """
            ),
            Letter.GuardianInvitation => (
                $"{practice} invites you to the patient portal as a guardian",
                $"""
                {practice} invites you, as the guardian of one of its patients, to see their appointments, invoices and clinical records in
                the patient portal.

                Follow this link, and sign in or sign up with this email. It is for the account of the person you are the guardian of:

                {Url("portal/claim", token)}

                If {practice} mails you another link, that one takes the place of this.
                """
            ),
            _ => (
                $"Your access to {practice} has ended",
                $"""
                {practice} has ended your access. Your account stays, and so does what you can do elsewhere.

                If you think that this is a mistake, please speak with the practice.
                """
            ),
        };
    }

    public static string Day(DateOnly? day) => day?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "";

    public static string InWords(string? role) => role == "edit" ? "edit (look and change)" : "view (look only)";

    private string NoMore(string? token) =>
        $"This is one of three mails of your first week. To get no more of them: {Url(UnsubscribePath, token)}";

    public string Url(string path, string? token = null)
    {
        var url = $"{options.Value.PublicUrl.TrimEnd('/')}/{path}";
        return token is null ? url : $"{url}?token={Uri.EscapeDataString(token)}";
    }
}
