using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Limits;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Features.Sessions;

/// <summary>
/// Signs a person in with email and password, and a code where the account uses two-factor authentication.
/// </summary>
/// <param name="PasswordHash">
/// The hash that the password was verified against. If it has changed since, no session is opened.
/// </param>
/// <param name="Address">Where the person is: known from then on.</param>
public sealed record SignIn(Guid AccountId, string PasswordHash, string? Code, string? Device, string Address)
    : Message,
        ICommand<SignedIn>;

/// <param name="Code">An authenticator or recovery code, for accounts with two-factor authentication.</param>
internal sealed record SignInInput(string? Email, string? Password, string? Code);

internal sealed class SignInInputValidator : AbstractValidator<SignInInput>
{
    public SignInInputValidator()
    {
        RuleFor(input => input.Email).EmailOfAccount();
        RuleFor(input => input.Password).RequiredText(PasswordLength.MaxUtf16Units);
        RuleFor(input => input.Code).OptionalText(40);
    }
}

internal sealed class SignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in", Post)
            .AllowAnyone()
            .WithName(nameof(SignIn))
            .WithTags("Users")
            .Produces<SignedIn>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<SignInInput> body,
        UsersDbContext db,
        PasswordGate gate,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;
        var email = EmailAddress.Normalize(input.Email!);

        if (await gate.BeginAsync(email, ct) is var begun && begun.IsError)
            return LockedOut.ToProblem(http, begun.Errors);
        using var attempt = begun.Value;

        // From here on, an email without an account gets the same answer in the same time as a wrong password.
        var account = await db
            .Accounts.AsNoTracking()
            .Where(account => account.NormalizedEmail == email)
            .Select(account => new { account.Id, account.PasswordHash })
            .SingleOrDefaultAsync(ct);
        var (hash, password) = (account?.PasswordHash, input.Password!);
        if (await attempt.VerifyAsync(hash, password, SignInErrors.InvalidCredentials, ct) is { IsError: true } failed)
            return Problems.ToProblem(failed.Errors);

        var signedIn = await bus.SendAsync(
            new SignIn(account!.Id, hash!, input.Code, ClientName.Of(http.Request), gate.Address),
            ct
        );
        if (signedIn.IsError && signedIn.FirstError.Code == SignInErrors.CodeRequired.Code)
            await attempt.UndoAsync(ct);
        return signedIn.ToHttp(Results.Ok);
    }
}

public static class SignInHandler
{
    public static async Task<ErrorOr<SignedIn>> Handle(
        SignIn command,
        UsersDbContext db,
        UnitOfWork work,
        EncryptionKeys keys,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var account = await db.LockAccountAsync(command.AccountId, ct);
        if (account is null || account.PasswordHash != command.PasswordHash || account.PasswordHasExpired(now))
            return SignInErrors.InvalidCredentials;

        using var second = new SecondFactor(db, keys);
        if (account.TwoFactorEnabled && string.IsNullOrWhiteSpace(command.Code))
        {
            if (!account.TwoFactorEndsBy(now))
                return SignInErrors.CodeRequired;
            await SecondFactor.DisableAsync(db, account, ct);
            await db.EndSessionsAsync(account.Id, now, except: null, ct);
            await messages.WarnOwnerAsync(account, EmailKind.TwoFactorDisabled);
            work.Audit(UserAudit.TwoFactorDisabled, account.Id, null, by: account.Id);
        }

        if (account.TwoFactorEnabled && !await second.UseCodeAsync(account, command.Code!, now, ct))
            return SignInErrors.InvalidCredentials;

        return await db.OpenSessionAsync(
            account,
            command.Device,
            command.Address,
            account.TwoFactorEnabled,
            passkeyId: null,
            work,
            messages,
            now,
            provider: null,
            ct
        );
    }
}

internal static class SignInErrors
{
    public static Error InvalidCredentials { get; } =
        ApiError.Create(
            StatusCodes.Status401Unauthorized,
            "users.invalid_credentials",
            "The email, the password or the code is not right."
        );

    public static Error CodeRequired { get; } =
        ApiError.Create(
            StatusCodes.Status401Unauthorized,
            "users.code_required",
            "This account uses two-factor authentication. Send a code of the authenticator app or a recovery code too."
        );
}
