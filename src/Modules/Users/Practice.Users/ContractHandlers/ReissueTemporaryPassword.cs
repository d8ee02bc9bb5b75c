using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;

namespace Practice.Users.ContractHandlers;

/// <summary>
/// Checks and hashes the password. Hashing is slow, so it comes before the transaction, and the practice is asked again
/// after it: who asked for the password may have lost the right.
/// </summary>
public static class ReissueTemporaryPasswordHandler
{
    public static async Task<ErrorOr<TemporaryPasswordReissued>> Handle(
        ReissueTemporaryPassword command,
        PasswordHashing passwords,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var account = (await bus.QueryAsync(new FindAccount(command.UserId), ct)).Account;
        var problem = PasswordRules.FindProblem(
            command.Password,
            account?.Email,
            account?.FirstName,
            account?.LastName
        );
        if (problem is not null)
            return ApiError.InvalidField("password", problem);
        if (await passwords.HashAsync(command.Password, ct) is var hash && hash.IsError)
            return hash.Errors;
        var check = new CheckTemporaryPassword(command.GroupId, command.UserId, command.ReissuedBy);
        if (!(await bus.QueryAsync(check, ct)).IsAllowed)
            return AuthorizationErrors.NotAllowed;
        return await bus.InvokeAsSystemAsync(
            new StoreTemporaryPassword(command.UserId, command.GroupId, hash.Value, command.ReissuedBy),
            ct
        );
    }
}

/// <summary>
/// Stores a new temporary password for a person who has never confirmed the account, and the entry about it in the
/// group's audit.
/// </summary>
public sealed record StoreTemporaryPassword(Guid UserId, Guid GroupId, string PasswordHash, Guid ReissuedBy)
    : Message,
        ICommand<TemporaryPasswordReissued>,
        IInGroup;

public static class StoreTemporaryPasswordHandler
{
    private static Error NotAddedHere { get; } =
        ApiError.Conflict(
            ReissueTemporaryPassword.NotAddedHere,
            "This practice did not create the account, so it cannot set a password for it."
        );

    private static Error AccountConfirmed { get; } =
        ApiError.Conflict(
            ReissueTemporaryPassword.AccountConfirmed,
            "The person has confirmed the account. They can set a new password by email."
        );

    public static async Task<ErrorOr<TemporaryPasswordReissued>> Handle(
        StoreTemporaryPassword command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // The person may be following the emailed link right now. Once they have confirmed, nobody else sets a
        // password.
        var account = await db.LockAccountAsync(command.UserId, ct);
        if (account is null || account.AddedByGroupId != command.GroupId)
            return NotAddedHere;
        if (account.EmailConfirmed)
            return AccountConfirmed;

        var now = clock.GetUtcNow();
        account.SetTemporaryPassword(command.PasswordHash, now);
        await db.ForgetProvidersAsync(account.Id, ct);
        await db.EndSessionsAsync(account.Id, now, except: null, ct);
        await db.EndCalendarFeedsAsync(account.Id, ct);
        work.Audit(UserAudit.TemporaryPasswordReissued, account.Id, command.GroupId, by: command.ReissuedBy);
        return new TemporaryPasswordReissued(account.Id);
    }
}
