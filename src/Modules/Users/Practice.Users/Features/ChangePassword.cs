using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features;

/// <summary>Replaces one's password, and ends all other sessions.</summary>
/// <param name="CurrentHash">The hash that the current password was compared with: changed since, nothing happens.</param>
public sealed record ChangePassword(string CurrentHash, string NewHash) : Message, ICommand<Success>;

internal sealed record ChangePasswordInput(string? CurrentPassword, string? NewPassword);

internal sealed class ChangePasswordInputValidator : AbstractValidator<ChangePasswordInput>
{
    public ChangePasswordInputValidator()
    {
        RuleFor(input => input.CurrentPassword).RequiredText(PasswordRules.LongestInUnits);
        RuleFor(input => input.NewPassword).Password(_ => []);
        RuleFor(input => input.NewPassword)
            .NotEqual(input => input.CurrentPassword)
            .WithMessage("Choose another one than the current password.")
            .When(input => !string.IsNullOrEmpty(input.NewPassword));
    }
}

internal sealed class ChangePasswordEndpoint : ICarterModule
{
    private static Error WrongPassword { get; } =
        ApiError.Unprocessable("users.wrong_password", "The current password is not right.");

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
        PasswordHashing passwords,
        SignInTurns turns,
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
            })
            .SingleAsync(ct);
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;
        if (
            PasswordRules.WhatIsWrong(
                input.NewPassword,
                account.NormalizedEmail,
                account.FirstName,
                account.LastName
            ) is
            { } wrong
        )
            return ApiError.InvalidField("newPassword", wrong).ToProblem();

        // Whoever holds a stolen session gets no more guesses at the password than at the front door.
        using var turn = await turns.TakeAsync(account.NormalizedEmail!, ct);
        if (await bus.InvokeAsSystemAsync(new CountAttempt(account.NormalizedEmail!), ct) is { IsError: true } locked)
            return LockedOut.ToProblem(http, locked.Errors);
        if (await passwords.VerifyAsync(account.PasswordHash, input.CurrentPassword!, ct) is var right && right.IsError)
        {
            await bus.InvokeAsSystemAsync(new TakeBackAttempt(account.NormalizedEmail!), ct);
            return Problems.ToProblem(right.Errors);
        }

        if (!right.Value)
            return WrongPassword.ToProblem();

        await bus.InvokeAsSystemAsync(new TakeBackAttempt(account.NormalizedEmail!), ct);
        if (await passwords.HashAsync(input.NewPassword!, ct) is var hash && hash.IsError)
            return Problems.ToProblem(hash.Errors);
        return (await bus.SendAsync(new ChangePassword(account.PasswordHash!, hash.Value), ct)).ToHttp(
            Results.NoContent
        );
    }
}

public static class ChangePasswordHandler
{
    private static Error ChangedMeanwhile { get; } =
        ApiError.Conflict(
            "users.password_changed_meanwhile",
            "The password was changed by another request a moment ago."
        );

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
            return ChangedMeanwhile;

        var now = clock.GetUtcNow();
        account.ChoosePassword(command.NewHash);
        await db.EndSessionsAsync(account.Id, now, ct, except: work.Caller.SessionId);
        await db.Database.ExecuteSqlAsync($"select authority.password_changed({work.Caller.SessionId})", ct);
        await db.ForgetAttemptsAsync(account.NormalizedEmail!, ct);
        await db.UseLinksAsync(account.Id, now, ct, LinkPurpose.ResetPassword); // whoever has one could take the account back
        await db.ForgetEmailChangeAsync(account.Id, ct); // perhaps asked for by somebody who knew the old password
        await messages.PublishAsync(DeliverMail.New(Letter.PasswordChanged, account.Email, account.Id));
        work.Audit(UserAudit.PasswordChanged, account.Id, null);
        return Result.Success;
    }
}
