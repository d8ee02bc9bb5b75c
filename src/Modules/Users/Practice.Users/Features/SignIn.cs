using System.Text;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;

namespace Practice.Users.Features;

/// <summary>Opens a session for somebody whose password was found right a moment ago.</summary>
/// <param name="PasswordHash">The hash that the password was compared with: changed since, it opens nothing.</param>
public sealed record SignIn(Guid AccountId, string PasswordHash, string? Code, string? Device)
    : Message,
        ICommand<SignedIn>;

/// <param name="Code">A TOTP or a recovery code, for accounts with two factors.</param>
internal sealed record SignInInput(string? Email, string? Password, string? Code);

internal sealed class SignInInputValidator : AbstractValidator<SignInInput>
{
    public SignInInputValidator()
    {
        RuleFor(input => input.Email).Email();
        RuleFor(input => input.Password).RequiredText(PasswordRules.LongestInUnits);
        RuleFor(input => input.Code).OptionalText(40);
    }
}

internal sealed class SignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/sign-in", Post)
            .AllowAnyone()
            .AllowAnonymous()
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
        PasswordHashing passwords,
        SignInTurns turns,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;
        var email = EmailAddress.Normalize(input.Email!);

        using var turn = await turns.TakeAsync(email, ct);
        if (await bus.SendAsync(new CountAttempt(email), ct) is { IsError: true } locked)
            return LockedOut.ToProblem(http, locked.Errors);

        // From here on nothing may differ, in words or in time, between a wrong password and an email without an account.
        var account = await db
            .Accounts.AsNoTracking()
            .Where(account => account.NormalizedEmail == email)
            .Select(account => new { account.Id, account.PasswordHash })
            .SingleOrDefaultAsync(ct);
        if (await passwords.VerifyAsync(account?.PasswordHash, input.Password!, ct) is var right && right.IsError)
        {
            await bus.SendAsync(new TakeBackAttempt(email), ct);
            return Problems.ToProblem(right.Errors);
        }

        if (!right.Value)
            return SignInErrors.InvalidCredentials.ToProblem();

        var signedIn = await bus.SendAsync(
            new SignIn(account!.Id, account.PasswordHash!, input.Code, Devices.Of(http)),
            ct
        );
        if (signedIn.IsError && signedIn.FirstError.Code == SignInErrors.CodeRequired.Code)
            await bus.SendAsync(new TakeBackAttempt(email), ct);
        return signedIn.ToHttp(Results.Ok);
    }
}

public static class SignInHandler
{
    public static async Task<ErrorOr<SignedIn>> Handle(
        SignIn command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var account = await db.LockAccountAsync(command.AccountId, ct);
        if (account is null || account.PasswordHash != command.PasswordHash || account.PasswordHasExpired(now))
            return SignInErrors.InvalidCredentials;

        using var second = new SecondFactor(db);
        if (account.TwoFactorEnabled && string.IsNullOrWhiteSpace(command.Code))
            return SignInErrors.CodeRequired;
        if (account.TwoFactorEnabled && !await second.UseCodeAsync(account, command.Code!, now, ct))
            return SignInErrors.InvalidCredentials;

        await db.Sessions.Where(past => past.AccountId == account.Id && past.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.ForgetAttemptsAsync(account.NormalizedEmail!, ct);
        var session = Session.Open(Guid.CreateVersion7(now), account.Id, command.Device, account.TwoFactorEnabled, now);
        db.Sessions.Add(session);
        work.Audit(
            UserAudit.SessionOpened,
            account.Id,
            null,
            new { SessionId = session.Id, account.TwoFactorEnabled },
            by: account.Id
        );
        return await db.IssueTokensAsync(session, account, now, ct);
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
            "This account has two factors: send the code of the authenticator app, or a recovery code, too."
        );
}

internal static class Devices
{
    private const int Longest = 200;

    /// <summary>What the client says it is, so that people recognise their devices in the list of sessions.</summary>
    public static string? Of(HttpContext http)
    {
        // By runes: half of a surrogate pair is no text, and can't be stored.
        var agent = string.Concat(
                http.Request.Headers.UserAgent.ToString()
                    .EnumerateRunes()
                    .Where(character => !Rune.IsControl(character))
                    .Take(Longest)
            )
            .Trim();
        return agent.Length == 0 ? null : agent;
    }
}
