namespace Practice.Users.Domain;

/// <summary>The kinds of mail that a person can do without. What guards the account is of no kind: it is always sent.</summary>
public enum MailKind
{
    /// <summary>The series of the first week.</summary>
    Onboarding,

    /// <summary>Somebody invites the person to a practice group.</summary>
    Invitations,

    /// <summary>The person has joined a group, or their access to one has ended.</summary>
    Memberships,

    /// <summary>Who asks to open the person's portal account, whose the person may open, and whom they are a guardian of.</summary>
    Portal,
}

/// <summary>Which kinds of mail a person wants; all of them, before they have said otherwise.</summary>
public sealed class MailPreferences
{
    private MailPreferences() { }

    public Guid AccountId { get; private init; }
    public bool Onboarding { get; private set; } = true;
    public bool Invitations { get; private set; } = true;
    public bool Memberships { get; private set; } = true;
    public bool Portal { get; private set; } = true;

    /// <summary>0 as long as nothing was said.</summary>
    public uint Version { get; private set; }

    public static MailPreferences Of(Guid accountId) => new() { AccountId = accountId };

    /// <param name="portal">Null leaves it as it is: front ends that are older than this kind don't name it.</param>
    public void Choose(bool onboarding, bool invitations, bool memberships, bool? portal) =>
        (Onboarding, Invitations, Memberships, Portal) = (onboarding, invitations, memberships, portal ?? Portal);

    public void StopOnboarding() => Onboarding = false;

    /// <summary>
    /// What was switched off by whoever was signed in before the person proved the mailbox is theirs to switch off. Only the series may
    /// have been stopped by the mailbox's own reader, by the link in its mails.
    /// </summary>
    public void WantAgain() => Choose(Onboarding, invitations: true, memberships: true, portal: true);

    public bool Wants(MailKind kind) =>
        kind switch
        {
            MailKind.Onboarding => Onboarding,
            MailKind.Invitations => Invitations,
            MailKind.Portal => Portal,
            _ => Memberships,
        };
}
