using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features.Passwords;

/// <summary>Replaces the person's password and ends all other sessions, and all calendar feeds.</summary>
/// <param name="CurrentHash">
/// The hash that the current password was verified against. If it has changed since, nothing happens.
/// </param>
public sealed record ChangePassword(string CurrentHash, string NewHash, string? Device, string Address)
    : Message,
        ICommand<Success>;

internal sealed record ChangePasswordInput(string? CurrentPassword, string? NewPassword);

internal sealed class ChangePasswordInputValidator : AbstractValidator<ChangePasswordInput>
{
    public ChangePasswordInputValidator()
    {
        RuleFor(input => input.CurrentPassword).RequiredText(PasswordLength.MaxUtf16Units);
        RuleFor(input => input.NewPassword).Password(_ => []);
        RuleFor(input => input.NewPassword)
            .NotEqual(input => input.CurrentPassword)
            .WithMessage("Choose a password other than the current one.")
            .When(input => !string.IsNullOrEmpty(input.NewPassword));
    }
}

internal sealed class ChangePasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/users/me/password", Put)
            .RequireSession(temporaryPassword: true)
            .WithName(nameof(ChangePassword))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Put(
        HttpContext http,
        Body<ChangePasswordInput> body,
        UsersDbContext db,
        PasswordGate gate,
        PasswordHashing passwords,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var account = await db
            .Accounts.AsNoTracking()
            .Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new
            {
                account.NormalizedEmail,
                account.FirstName,
                account.LastName,
                account.PasswordHash,
                account.TwoFactorEnabled,
                account.MustChangePassword,
            })
            .SingleAsync(ct);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        // With the password alone, a thief could shut the owner out.
        if (account is { TwoFactorEnabled: true, MustChangePassword: false } && !db.Call.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired.ToProblem();
        var input = read.Value;
        var (email, newPassword) = (account.NormalizedEmail!, input.NewPassword!);
        if (PasswordRules.FindProblem(newPassword, email, account.FirstName, account.LastName) is { } problem)
            return ApiError.InvalidField("newPassword", problem).ToProblem();

        var current = input.CurrentPassword!;
        var verified = await gate.VerifyCurrentPasswordAsync(
            email,
            account.PasswordHash,
            current,
            PasswordErrors.WrongCurrentPassword,
            ct
        );
        if (verified.IsError)
            return LockedOut.ToProblem(http, verified.Errors);
        if (await passwords.HashAsync(newPassword, ct) is var hash && hash.IsError)
            return Problems.ToProblem(hash.Errors);
        return (
            await bus.SendAsync(
                new ChangePassword(account.PasswordHash!, hash.Value, ClientName.Of(http.Request), gate.Address),
                ct
            )
        ).ToHttp(Results.NoContent);
    }
}

public static class ChangePasswordHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangePassword command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var account = await db.LockAccountAsync(work.Caller.Person, ct);
        if (account is null || account.PasswordHash != command.CurrentHash)
            return PasswordErrors.ChangedMeanwhile;

        var now = clock.GetUtcNow();
        account.ChoosePassword(command.NewHash);
        await db.EndSessionsAsync(account.Id, now, except: work.Caller.SessionId, ct);
        await db.EndCalendarFeedsAsync(account.Id, ct);
        await db.Database.ExecuteSqlAsync($"select authority.password_changed({work.Caller.SessionId})", ct);
        await db.ForgetOtherPlacesAsync(account, command.Device, command.Address, now, ct);
        // Someone who knew the old password may have requested a reset link or a change of email: neither works any
        // more.
        await db.UseLinksAsync(account.Id, now, LinkPurpose.ResetPassword, ct);
        await db.CancelEmailChangeAsync(account.Id, ct);
        await messages.WarnOwnerAsync(account, EmailKind.PasswordChanged);
        work.Audit(UserAudit.PasswordChanged, account.Id, null);
        return Result.Success;
    }
}
