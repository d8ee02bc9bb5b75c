using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Features.TwoFactor;

/// <summary>Turns two-factor authentication off. It takes a code: a stolen session is not enough.</summary>
public sealed record DisableTwoFactor(string Code, string Address) : Message, ICommand<Success>;

internal sealed class DisableTwoFactorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/two-factor/disable", Post)
            .RequireSession()
            .WithName(nameof(DisableTwoFactor))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<TwoFactorInput> body,
        UsersDbContext db,
        PasswordGate gate,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var account = await db
            .Accounts.AsNoTracking()
            .Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new { account.NormalizedEmail, account.TwoFactorEnabled })
            .SingleAsync(ct);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        if (!account.TwoFactorEnabled)
            return TwoFactorErrors.NotEnabled.ToProblem();

        if (await gate.BeginAsync(account.NormalizedEmail!, ct) is var attempt && attempt.IsError)
            return LockedOut.ToProblem(http, attempt.Errors);
        using var counted = attempt.Value;
        return (await bus.SendAsync(new DisableTwoFactor(read.Value.Code!, gate.Address), ct)).ToHttp(
            Results.NoContent
        );
    }
}

public static class DisableTwoFactorHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        DisableTwoFactor command,
        UsersDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(work.Caller.Person, ct) is not { } account)
            return CommonErrors.NotFound;
        if (!account.TwoFactorEnabled)
            return TwoFactorErrors.NotEnabled;

        var now = clock.GetUtcNow();
        using var second = new SecondFactor(db, keys);
        if (!await second.UseCodeAsync(account, command.Code, now, ct))
            return TwoFactorErrors.WrongCode;

        await SecondFactor.DisableAsync(db, account, ct);
        await db.SucceedAsync(account.NormalizedEmail!, command.Address, now, counted: true, ct);
        await messages.WarnOwnerAsync(account, EmailKind.TwoFactorDisabled);
        work.Audit(UserAudit.TwoFactorDisabled, account.Id, null);
        return Result.Success;
    }
}
