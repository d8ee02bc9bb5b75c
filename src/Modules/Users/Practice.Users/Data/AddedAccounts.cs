using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Data;

/// <summary>A person added by a practice group, as the account will have them.</summary>
/// <param name="PasswordHash">Of the temporary password; null if nobody hands one over.</param>
internal sealed record AddedAccount(
    Guid UserId,
    string Email,
    string? Title,
    string FirstName,
    string LastName,
    string? PasswordHash,
    int Attempt
);

/// <summary>
/// Stores the accounts of people added by a practice group, however many, with the same few statements.
/// </summary>
internal sealed class AddedAccounts(
    UsersDbContext db,
    UnitOfWork work,
    IMessageContext messages,
    DateTimeOffset now,
    Guid groupId,
    Guid addedBy
)
{
    /// <returns>What came of each person, in their order.</returns>
    public async Task<IReadOnlyList<AccountOutcome>> StoreAsync(
        IReadOnlyList<AddedAccount> people,
        CancellationToken ct
    )
    {
        var emails = people.Select(person => EmailAddress.Normalize(person.Email)).ToList();
        await db.LockEmailsAsync(emails, ct);
        var taken = await db
            .Accounts.Where(account => emails.Contains(account.NormalizedEmail!))
            // Not the accounts themselves: once they are tracked, the lock would not read them again.
            .Select(account => new { Email = account.NormalizedEmail!, account.Id })
            .ToDictionaryAsync(account => account.Email, account => account.Id, ct);
        var known = await db.LockAccountsAsync([.. people.Select(person => person.UserId)], ct);

        List<AccountOutcome> outcomes = [];
        List<string> added = [];
        foreach (var (person, email) in people.Zip(emails))
        {
            if (taken.TryGetValue(email, out var holder) && holder != person.UserId)
            {
                outcomes.Add(AccountOutcome.EmailTaken);
            }
            else if (known.TryGetValue(person.UserId, out var account))
            {
                outcomes.Add(await AddAgainAsync(account, person, ct));
            }
            else
            {
                Add(person);
                added.Add(email);
                outcomes.Add(AccountOutcome.Added);
            }
        }

        await db.PendingSignUps.Where(signUp => added.Contains(signUp.NormalizedEmail)).ExecuteDeleteAsync(ct);
        return outcomes;
    }

    private void Add(AddedAccount person)
    {
        db.Accounts.Add(
            Account.Added(
                person.UserId,
                groupId,
                person.Email,
                person.Title,
                person.FirstName,
                person.LastName,
                person.PasswordHash,
                person.Attempt,
                now
            )
        );
        work.Audit(UserAudit.AccountAdded, person.UserId, null, new { GroupId = groupId }, by: addedBy);
    }

    private async Task<AccountOutcome> AddAgainAsync(Account account, AddedAccount person, CancellationToken ct)
    {
        if (!account.IsUntouched || account.AddedByGroupId != groupId)
            return AccountOutcome.EmailTaken; // the person has taken it over, and is invited like everyone else
        if (person.Attempt < account.AddedAttempt)
            return AccountOutcome.AttemptSuperseded;

        account.Rename(person.Title, person.FirstName, person.LastName);
        account.AddAgain(person.PasswordHash, person.Attempt, now);
        await db.EndSessionsAsync(account.Id, now, except: null, ct);
        await messages.PublishAsync(
            new AccountChanged(account.Id, account.Email!, account.Title, account.FirstName, account.LastName)
        );
        work.Audit(UserAudit.TemporaryPasswordSet, account.Id, null, new { GroupId = groupId }, by: addedBy);
        return AccountOutcome.Added;
    }
}
