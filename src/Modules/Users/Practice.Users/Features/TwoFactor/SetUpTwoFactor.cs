using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Idempotency;
using Practice.Shared.Limits;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features.TwoFactor;

/// <summary>
/// Creates the key for an authenticator app. It takes the password: with a stolen session alone, a thief could shut the
/// person out. Sign-in asks for no code until the app has shown that it has the key.
/// </summary>
/// <param name="CurrentHash">
/// The hash that the password was verified against. If it has changed since, no key is created.
/// </param>
public sealed record SetUpTwoFactor(string CurrentHash) : Message, ICommand<TwoFactorKey>;

/// <param name="SharedKey">To be typed into the app, where its camera can't read <paramref name="OtpauthUri"/>.</param>
public sealed record TwoFactorKey(string SharedKey, string OtpauthUri);

internal sealed record SetUpTwoFactorInput(string? Password);

internal sealed class SetUpTwoFactorInputValidator : AbstractValidator<SetUpTwoFactorInput>
{
    public SetUpTwoFactorInputValidator() =>
        RuleFor(input => input.Password).RequiredText(PasswordLength.MaxUtf16Units);
}

internal sealed class SetUpTwoFactorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/two-factor", Post)
            .RequireSession()
            .WithoutIdempotency()
            .WithName(nameof(SetUpTwoFactor))
            .WithTags("Users")
            .Produces<TwoFactorKey>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<SetUpTwoFactorInput> body,
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

        var (email, hash, password) = (account.NormalizedEmail!, account.PasswordHash!, read.Value.Password!);
        if (
            await gate.VerifyCurrentPasswordAsync(email, hash, password, PasswordErrors.WrongPassword, ct) is
            { IsError: true } failed
        )
            return LockedOut.ToProblem(http, failed.Errors);
        return (await bus.SendAsync(new SetUpTwoFactor(hash), ct)).ToHttp(Results.Ok);
    }
}

public static class SetUpTwoFactorHandler
{
    public static async Task<ErrorOr<TwoFactorKey>> Handle(
        SetUpTwoFactor command,
        UsersDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        CancellationToken ct
    )
    {
        var account = await db.LockAccountAsync(work.Caller.Person, ct);
        if (account is null || account.PasswordHash != command.CurrentHash)
            return PasswordErrors.ChangedMeanwhile;
        if (account.TwoFactorEnabled)
            return TwoFactorErrors.Enabled;

        using var second = new SecondFactor(db, keys);
        var (key, uri) = await second.NewKeyAsync(account);
        return new TwoFactorKey(key, uri);
    }
}
