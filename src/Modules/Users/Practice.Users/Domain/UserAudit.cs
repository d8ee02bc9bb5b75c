using Practice.Shared.Audit;

namespace Practice.Users.Domain;

/// <summary>The audited acts on people and their sessions.</summary>
internal static class UserAudit
{
    public static AuditAct AccountAdded { get; } = new("users.account_added");
    public static AuditAct DataExported { get; } = new("users.data_exported");
    public static AuditAct EmailChangeRequested { get; } = new("users.email_change_asked");
    public static AuditAct EmailChanged { get; } = new("users.email_changed");
    public static AuditAct EmailConfirmed { get; } = new("users.email_confirmed");
    public static AuditAct MailPreferencesChanged { get; } = new("users.mail_preferences_changed");
    public static AuditAct PasskeyAdded { get; } = new("users.passkey_added");
    public static AuditAct PasskeyRemoved { get; } = new("users.passkey_removed");
    public static AuditAct PasswordChanged { get; } = new("users.password_changed");
    public static AuditAct PasswordReset { get; } = new("users.password_reset");
    public static AuditAct ProviderLinked { get; } = new("users.provider_linked");
    public static AuditAct ProviderUnlinked { get; } = new("users.provider_unlinked");
    public static AuditAct Renamed { get; } = new("users.renamed");
    public static AuditAct SessionEnded { get; } = new("users.session_ended");
    public static AuditAct SessionOpened { get; } = new("users.session_opened");
    public static AuditAct SessionVerified { get; } = new("users.session_verified");
    public static AuditAct SignUpConfirmed { get; } = new("users.sign_up_confirmed");
    public static AuditAct SignedOut { get; } = new("users.signed_out");
    public static AuditAct SignedOutEverywhere { get; } = new("users.signed_out_everywhere");
    public static AuditAct TemporaryPasswordSet { get; } = new("users.temporary_password_set");

    /// <summary>In the audit of the group, which shows it under this code.</summary>
    public static AuditAct TemporaryPasswordReissued { get; } = new("groups.temporary_password_set");

    public static AuditAct TwoFactorDisabled { get; } = new("users.two_factor_disabled");
    public static AuditAct TwoFactorEnabled { get; } = new("users.two_factor_enabled");
    public static AuditAct TwoFactorKept { get; } = new("users.two_factor_kept");
    public static AuditAct SecondFactorLost { get; } = new("users.second_factor_lost");
    public static AuditAct Unsubscribed { get; } = new("users.unsubscribed");
    public static AuditAct Resubscribed { get; } = new("users.resubscribed");
}
