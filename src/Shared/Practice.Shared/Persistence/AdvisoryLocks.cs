using Microsoft.EntityFrameworkCore;

namespace Practice.Shared.Persistence;

/// <summary>
/// Advisory locks are for what has no row to lock. A lock is a kind and a key; all modules share one space of locks, so
/// the kinds are listed in one place. A new kind takes the next free number. Numbers stay: hosts of two releases run
/// side by side and must wait for each other.
/// </summary>
/// <remarks>
/// Kinds with the same number came about before they were listed. They cannot meet, as their keys are never the same:
/// an address, the ids of a user and a group, the bytes of a credential, the id of a person, the id of a patient.
/// </remarks>
public static class AdvisoryLocks
{
    /// <summary>Whose an address is. By normalized address.</summary>
    public const long Email = 0;

    // 0 is also in Sql/open_calendar_feed.sql, by user and group.

    /// <summary>Failed sign-ins. By normalized address.</summary>
    public const long SignInAttempts = 1;

    /// <summary>Emails that were asked for. By normalized address.</summary>
    public const long RequestedEmails = 2;

    /// <summary>A new passkey. By credential.</summary>
    public const long Passkey = 3;

    /// <summary>What a person requests, opens and claims in the portal. By user.</summary>
    public const long PortalPerson = 3;

    /// <summary>What a person does in groups that is counted. By user.</summary>
    public const long GroupPerson = 5;

    /// <summary>The invitations of a patient to the portal. By patient.</summary>
    public const long PatientInvitations = 5;

    /// <summary>How many patients a practice invites. By group.</summary>
    public const long GroupInvitations = 6;

    // 7 is the next invoice number, in portal.next_invoice_number. By group.

    /// <summary>The appointments of a practitioner. By group and practitioner.</summary>
    public const long PractitionerSlots = 8;

    /// <summary>The appointments in a room. By location and room.</summary>
    public const long RoomSlots = 9;

    /// <summary>The exports of a practice. By group.</summary>
    public const long Exports = 11;

    /// <summary>The notifications of several people. By what they are about.</summary>
    public const long Notifications = 12;

    /// <summary>A new connection with an identity provider. By issuer and subject.</summary>
    public const long ProviderSubject = 13;

    /// <summary>Who is entered as a patient. By group.</summary>
    public const long NewPatients = 14;

    /// <summary>The number of webhooks, and of deliveries under way. By group.</summary>
    public const long Webhooks = 40;

    /// <summary>Waits for the lock, and keeps it until the transaction ends.</summary>
    /// <param name="kind">One of those above.</param>
    /// <param name="key">What of that kind.</param>
    public static Task TakeLockAsync(this DbContext db, long kind, string key, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key}, {kind}))", ct);
}
