namespace Practice.Users.Domain;

/// <summary>
/// The kinds of email that a person can switch off. Emails that protect the account belong to none: they are always
/// sent.
/// </summary>
public enum EmailCategory
{
    /// <summary>The series of the first week.</summary>
    Onboarding,

    /// <summary>Invitations to practice groups.</summary>
    Invitations,

    /// <summary>The person joined a group, their access to one ended, or how they sign in to it changed.</summary>
    Memberships,

    /// <summary>Access to portal accounts: requested, granted, revoked; and guardianship.</summary>
    Portal,

    /// <summary>Sign-ins with a new device or from a new place.</summary>
    NewSignIns,

    /// <summary>Reminders of a patient's appointments.</summary>
    Reminders,
}
