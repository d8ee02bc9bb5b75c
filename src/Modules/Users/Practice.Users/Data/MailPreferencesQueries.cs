using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Users.Data;

internal static class MailPreferencesQueries
{
    /// <summary>
    /// Whether emails of a category are wanted at an address: as its account chose, or, where it has none, unless its
    /// reader has stopped them.
    /// </summary>
    /// <param name="category">Null for an email about an appointment to an address that a practice recorded.</param>
    public static async Task<EmailWanted> FindWantedAsync(
        this UsersDbContext db,
        EmailCategory? category,
        string to,
        CancellationToken ct
    )
    {
        var email = EmailAddress.Normalize(to);
        var person = await db
            .Accounts.AsNoTracking()
            .Where(account => account.NormalizedEmail == email)
            .Select(account => new
            {
                account.Id,
                Chosen = db.MailPreferences.SingleOrDefault(preferences => preferences.AccountId == account.Id),
            })
            .SingleOrDefaultAsync(ct);
        if (person is not null)
            return category is { } theirs ? new(person.Chosen?.Wants(theirs) ?? true, person.Id) : new(true, null);
        if (category is not (null or EmailCategory.Reminders))
            return new(true, null);
        var all = StoppedAddress.IdOfAll(email);
        var these = category is null ? all : StoppedAddress.IdOf(email);
        return new(!await db.StoppedAddresses.AnyAsync(s => s.Id == all || s.Id == these, ct), these);
    }

    /// <summary>Stops reminders, or all about appointments, to an address with no account. False if it was.</summary>
    public static async Task<bool> StopAddressAsync(
        this UsersDbContext db,
        Guid id,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"insert into users.stopped_addresses (id, stopped_at) values ({id}, {now}) on conflict do nothing",
            ct
        ) > 0;

    /// <summary>
    /// The person's preferences, to be changed; new ones if none are stored. The account is locked, so that two
    /// requests do not both create them. Null if there is no such account.
    /// </summary>
    public static async Task<MailPreferences?> LockMailPreferencesAsync(
        this UsersDbContext db,
        Guid accountId,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(accountId, ct) is null)
            return null;
        var chosen = await db.MailPreferences.SingleOrDefaultAsync(
            preferences => preferences.AccountId == accountId,
            ct
        );
        return chosen ?? db.MailPreferences.Add(MailPreferences.Of(accountId)).Entity;
    }
}
