namespace Practice.Users.Domain;

/// <summary>What following an emailed link does.</summary>
public enum LinkPurpose
{
    /// <summary>Creates the account of a pending sign-up.</summary>
    ConfirmSignUp,

    /// <summary>Confirms the email of an account that an administrator created, and sets its password.</summary>
    ConfirmAccount,

    ResetPassword,

    /// <summary>Confirms the new email of an account.</summary>
    ChangeEmail,

    /// <summary>Switches the onboarding emails off. It can be followed repeatedly and does nothing else.</summary>
    StopOnboarding,

    /// <summary>As <see cref="StopOnboarding"/>, for another <see cref="EmailCategory"/>.</summary>
    StopInvitations,
    StopMemberships,
    StopPortal,
    StopNewSignIns,

    /// <summary>As <see cref="StopOnboarding"/>; of an account, or of an address that has none.</summary>
    StopReminders,

    /// <summary>Keeps two-factor authentication on. It can be followed repeatedly and does nothing else.</summary>
    KeepTwoFactor,

    /// <summary>Confirms a sign-in with an identity provider at an account that is not connected with it.</summary>
    LinkProvider,
}

/// <summary>
/// A link that was emailed, stored only as the hash of its token. An email that had to be sent twice has two links;
/// both work until one is used.
/// </summary>
public sealed class Link
{
    internal const int MaxTokenLength = 200;

    private Link() { }

    public string TokenHash { get; private init; } = null!;
    public LinkPurpose Purpose { get; private init; }

    /// <summary>The pending sign-up, email change or account that it is for.</summary>
    public Guid SubjectId { get; private init; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>When it was used, or voided by the use of another link.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    public static Link Issue(string tokenHash, LinkPurpose purpose, Guid subjectId, DateTimeOffset now) =>
        new()
        {
            TokenHash = tokenHash,
            Purpose = purpose,
            SubjectId = subjectId,
            CreatedAt = now,
            ExpiresAt = now + LifetimeOf(purpose),
        };

    /// <summary>The purpose of a link that switches this category off.</summary>
    public static LinkPurpose Stops(EmailCategory category) =>
        category switch
        {
            EmailCategory.Onboarding => LinkPurpose.StopOnboarding,
            EmailCategory.Invitations => LinkPurpose.StopInvitations,
            EmailCategory.Memberships => LinkPurpose.StopMemberships,
            EmailCategory.Portal => LinkPurpose.StopPortal,
            EmailCategory.NewSignIns => LinkPurpose.StopNewSignIns,
            EmailCategory.Reminders => LinkPurpose.StopReminders,
            _ => throw new ArgumentOutOfRangeException(nameof(category), category, null),
        };

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;

    private static TimeSpan LifetimeOf(LinkPurpose purpose) =>
        purpose switch
        {
            LinkPurpose.ConfirmSignUp or LinkPurpose.ChangeEmail or LinkPurpose.KeepTwoFactor => TimeSpan.FromHours(24),
            // As long as the temporary password that it replaces.
            LinkPurpose.ConfirmAccount => Account.TemporaryPasswordLifetime,
            LinkPurpose.ResetPassword => TimeSpan.FromHours(1),
            LinkPurpose.LinkProvider => ProviderSignIn.Lifetime,
            // People keep such an email for a long time before they unsubscribe.
            LinkPurpose.StopOnboarding
            or LinkPurpose.StopInvitations
            or LinkPurpose.StopMemberships
            or LinkPurpose.StopPortal
            or LinkPurpose.StopNewSignIns
            or LinkPurpose.StopReminders => TimeSpan.FromDays(365),
            _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
        };
}
