namespace Practice.Users.Domain;

/// <summary>Which categories of email a person wants. All are on until the person switches one off.</summary>
public sealed class MailPreferences
{
    private MailPreferences() { }

    public Guid AccountId { get; private init; }
    public bool Onboarding { get; private set; } = true;
    public bool Invitations { get; private set; } = true;
    public bool Memberships { get; private set; } = true;
    public bool Portal { get; private set; } = true;
    public bool NewSignIns { get; private set; } = true;
    public bool Reminders { get; private set; } = true;

    /// <summary>0 until the first choice is stored.</summary>
    public uint Version { get; private set; }

    public static MailPreferences Of(Guid accountId) => new() { AccountId = accountId };

    /// <param name="portal">Null keeps the current choice: front ends older than this category do not send it.</param>
    /// <param name="newSignIns">As <paramref name="portal"/>.</param>
    /// <param name="reminders">As <paramref name="portal"/>.</param>
    public void Choose(
        bool onboarding,
        bool invitations,
        bool memberships,
        bool? portal,
        bool? newSignIns,
        bool? reminders
    )
    {
        (Onboarding, Invitations, Memberships) = (onboarding, invitations, memberships);
        (Portal, NewSignIns, Reminders) = (portal ?? Portal, newSignIns ?? NewSignIns, reminders ?? Reminders);
    }

    public void Stop(EmailCategory category) => Switch(category, on: false);

    public void Resume(EmailCategory category) => Switch(category, on: true);

    private void Switch(EmailCategory category, bool on) =>
        _ = category switch
        {
            EmailCategory.Onboarding => Onboarding = on,
            EmailCategory.Invitations => Invitations = on,
            EmailCategory.Memberships => Memberships = on,
            EmailCategory.Portal => Portal = on,
            EmailCategory.NewSignIns => NewSignIns = on,
            EmailCategory.Reminders => Reminders = on,
            _ => throw new ArgumentOutOfRangeException(nameof(category), category, null),
        };

    /// <summary>
    /// Switches everything back on when the mailbox is proved: until then someone else may have been signed in. The
    /// onboarding series stays as it is, since the reader of the mailbox can stop it with the link in its emails.
    /// </summary>
    public void Reset() =>
        Choose(Onboarding, invitations: true, memberships: true, portal: true, newSignIns: true, reminders: true);

    public bool Wants(EmailCategory category) =>
        category switch
        {
            EmailCategory.Onboarding => Onboarding,
            EmailCategory.Invitations => Invitations,
            EmailCategory.Memberships => Memberships,
            EmailCategory.Portal => Portal,
            EmailCategory.NewSignIns => NewSignIns,
            EmailCategory.Reminders => Reminders,
            _ => throw new ArgumentOutOfRangeException(nameof(category), category, null),
        };
}
