using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.ContractHandlers;

/// <summary>
/// Checks and hashes the temporary password, if there is one. Hashing is slow, so it comes before the transaction.
/// </summary>
public static class AddAccountHandler
{
    public static async Task<ErrorOr<AccountAdded>> Handle(
        AddAccount command,
        PasswordHashing passwords,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        string? hash = null;
        if (command.TemporaryPassword is { } password)
        {
            var problem = PasswordRules.FindProblem(password, command.Email, command.FirstName, command.LastName);
            if (problem is not null)
                return ApiError.InvalidField("password", problem);
            if (await passwords.HashAsync(password, ct) is var hashed && hashed.IsError)
                return hashed.Errors;
            hash = hashed.Value;
        }

        return await bus.InvokeAsSystemAsync(
            new StoreAddedAccount(
                command.UserId,
                command.GroupId,
                command.Email,
                command.Title,
                command.FirstName,
                command.LastName,
                hash,
                command.Attempt,
                command.AddedBy
            ),
            ct
        );
    }
}

/// <summary>Stores the account of a person added by a practice group.</summary>
public sealed record StoreAddedAccount(
    Guid UserId,
    Guid GroupId,
    string Email,
    string? Title,
    string FirstName,
    string LastName,
    string? PasswordHash,
    int Attempt,
    Guid AddedBy
) : Message, ICommand<AccountAdded>;

public static class StoreAddedAccountHandler
{
    private static Error EmailTaken { get; } =
        ApiError.Conflict(AddAccount.EmailTaken, "Another account has this email.");

    private static Error Superseded { get; } =
        ApiError.Conflict(AddAccount.AttemptSuperseded, "A later attempt has created the account.");

    public static async Task<ErrorOr<AccountAdded>> Handle(
        StoreAddedAccount command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (now, email) = (clock.GetUtcNow(), EmailAddress.Normalize(command.Email));
        await db.LockEmailAsync(email, ct);
        if (await db.Accounts.AnyAsync(other => other.NormalizedEmail == email && other.Id != command.UserId, ct))
            return EmailTaken;

        var account = await db.LockAccountAsync(command.UserId, ct);
        if (account is null)
        {
            account = Account.Added(
                command.UserId,
                command.GroupId,
                command.Email,
                command.Title,
                command.FirstName,
                command.LastName,
                command.PasswordHash,
                command.Attempt,
                now
            );
            db.Accounts.Add(account);
            await db.PendingSignUps.Where(signUp => signUp.NormalizedEmail == email).ExecuteDeleteAsync(ct);
            work.Audit(UserAudit.AccountAdded, account.Id, null, new { command.GroupId }, by: command.AddedBy);
        }
        else if (!account.IsUntouched || account.AddedByGroupId != command.GroupId)
        {
            return EmailTaken; // the person has taken the account over, so they are invited like everyone else
        }
        else if (command.Attempt < account.AddedAttempt)
        {
            return Superseded;
        }
        else
        {
            account.Rename(command.Title, command.FirstName, command.LastName);
            account.AddAgain(command.PasswordHash, command.Attempt, now);
            await db.EndSessionsAsync(account.Id, now, ct);
            await messages.PublishAsync(
                new AccountChanged(account.Id, account.Email!, account.Title, account.FirstName, account.LastName)
            );
            work.Audit(UserAudit.TemporaryPasswordSet, account.Id, null, new { command.GroupId }, by: command.AddedBy);
        }

        return new AccountAdded(account.Id);
    }
}
