using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Idempotency;
using Practice.Shared.Limits;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features.Sessions;

/// <summary>
/// The person proves once more who they are: dangerous acts need that within 5 minutes, and a practice asks for it
/// after a pause. It takes what a sign-in takes.
/// </summary>
/// <param name="CurrentHash">
/// The hash that the password was verified against. If it has changed since, the session is not verified.
/// </param>
public sealed record VerifySession(string CurrentHash, string? Code, string Address) : Message, ICommand<Success>;

/// <param name="Code">An authenticator or recovery code, for accounts with two-factor authentication.</param>
internal sealed record VerifySessionInput(string? Password, string? Code);

internal sealed class VerifySessionInputValidator : AbstractValidator<VerifySessionInput>
{
    public VerifySessionInputValidator()
    {
        RuleFor(input => input.Password).RequiredText(PasswordLength.MaxUtf16Units);
        RuleFor(input => input.Code).OptionalText(40);
    }
}

internal sealed class VerifySessionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/verify", Post)
            .RequireSession()
            .WithoutIdempotency()
            .WithName(nameof(VerifySession))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<VerifySessionInput> body,
        UsersDbContext db,
        PasswordGate gate,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var account = await db
            .Accounts.AsNoTracking()
            .Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new { account.NormalizedEmail, account.PasswordHash })
            .SingleAsync(ct);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);

        if (await gate.BeginAsync(account.NormalizedEmail!, ct) is var begun && begun.IsError)
            return LockedOut.ToProblem(http, begun.Errors);
        using var attempt = begun.Value;
        var hash = account.PasswordHash!;
        if (
            await attempt.VerifyAsync(hash, read.Value.Password!, PasswordErrors.WrongPassword, ct) is
            { IsError: true } failed
        )
            return Problems.ToProblem(failed.Errors);

        var verified = await bus.SendAsync(new VerifySession(hash, read.Value.Code, gate.Address), ct);
        if (verified.IsError && verified.FirstError == TwoFactorErrors.CodeRequired)
            await attempt.UndoAsync(ct);
        return verified.ToHttp(Results.NoContent);
    }
}

public static class VerifySessionHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        VerifySession command,
        UsersDbContext db,
        EncryptionKeys keys,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var account = await db.LockAccountAsync(work.Caller.Person, ct);
        if (account is null || account.PasswordHash != command.CurrentHash)
            return PasswordErrors.ChangedMeanwhile;

        var now = clock.GetUtcNow();
        using var second = new SecondFactor(db, keys);
        if (account.TwoFactorEnabled && string.IsNullOrWhiteSpace(command.Code))
            return TwoFactorErrors.CodeRequired;
        if (account.TwoFactorEnabled && !await second.UseCodeAsync(account, command.Code!, now, ct))
            return TwoFactorErrors.WrongCode;

        await db.SucceedAsync(account.NormalizedEmail!, command.Address, now, counted: true, ct);
        if (account.TwoFactorEnabled) // it is not lost
            work.KeepTwoFactor(account);
        await db.SessionVerifiedAsync(work.Caller.SessionId!.Value, ct);
        work.Audit(UserAudit.SessionVerified, account.Id, null, new { work.Caller.SessionId });
        return Result.Success;
    }
}
