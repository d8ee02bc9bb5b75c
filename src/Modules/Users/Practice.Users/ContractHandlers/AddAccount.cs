using Practice.Contracts.Users;
using Practice.Users.Data;
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
        var accounts = new AddedAccounts(db, work, messages, clock.GetUtcNow(), command.GroupId, command.AddedBy);
        var person = new AddedAccount(
            command.UserId,
            command.Email,
            command.Title,
            command.FirstName,
            command.LastName,
            command.PasswordHash,
            command.Attempt
        );
        return (await accounts.StoreAsync([person], ct)).Single() switch
        {
            AccountOutcome.Added => new AccountAdded(command.UserId),
            AccountOutcome.EmailTaken => EmailTaken,
            AccountOutcome.AttemptSuperseded => Superseded,
            var unknown => throw new InvalidOperationException($"Unknown outcome {unknown}."),
        };
    }
}

public static class AddAccountsHandler
{
    public static async Task<ErrorOr<AccountsAdded>> Handle(
        AddAccounts command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var accounts = new AddedAccounts(db, work, messages, clock.GetUtcNow(), command.GroupId, command.AddedBy);
        var people = command.People.Select(person => new AddedAccount(
            person.UserId,
            person.Email,
            person.Title,
            person.FirstName,
            person.LastName,
            PasswordHash: null,
            person.Attempt
        ));
        return new AccountsAdded(await accounts.StoreAsync([.. people], ct));
    }
}
