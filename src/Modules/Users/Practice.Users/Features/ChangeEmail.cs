using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features;

/// <summary>
/// Asks for another email: nothing changes before the link mailed there is followed. Neither the answer nor its time tells
/// whether the address has an account already; its owner is mailed then.
/// </summary>
/// <param name="CurrentHash">The hash that the password was compared with: changed since, nothing happens.</param>
public sealed record ChangeEmail(string NewEmail, string CurrentHash) : Message, ICommand<Success>;

internal sealed record ChangeEmailInput(string? NewEmail, string? Password);

internal sealed class ChangeEmailInputValidator : AbstractValidator<ChangeEmailInput>
{
    public ChangeEmailInputValidator()
    {
        RuleFor(input => input.NewEmail).Email();
        RuleFor(input => input.Password).RequiredText(PasswordRules.LongestInUnits);
    }
}

internal sealed class ChangeEmailEndpoint : ICarterModule
{
    private static Error NotConfirmed { get; } =
        ApiError.Forbidden(
            "users.email_not_confirmed",
            "Confirm your email first, by the link that was mailed to you."
        );

    private static Error WrongPassword { get; } =
        ApiError.Unprocessable("users.wrong_password", "The password is not right.");

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/email", Post)
            .RequireSession()
            .WithName(nameof(ChangeEmail))
            .WithTags("Users")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<ChangeEmailInput> body,
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
                account.EmailConfirmed,
                account.PasswordHash,
            })
            .SingleAsync(ct);
        if (!account.EmailConfirmed)
            return NotConfirmed.ToProblem();
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);

        using var turn = await turns.TakeAsync(account.NormalizedEmail!, ct);
        if (await bus.InvokeAsSystemAsync(new CountAttempt(account.NormalizedEmail!), ct) is { IsError: true } locked)
            return LockedOut.ToProblem(http, locked.Errors);
        var right = await passwords.VerifyAsync(account.PasswordHash, read.Value.Password!, ct);
        if (right is { IsError: false, Value: false })
            return WrongPassword.ToProblem();

        await bus.InvokeAsSystemAsync(new TakeBackAttempt(account.NormalizedEmail!), ct);
        return right.IsError
            ? Problems.ToProblem(right.Errors)
            : (await bus.SendAsync(new ChangeEmail(read.Value.NewEmail!, account.PasswordHash!), ct)).ToHttp(() =>
                Results.Accepted()
            );
    }
}

public static class ChangeEmailHandler
{
    private static Error ChangedMeanwhile { get; } =
        ApiError.Conflict(
            "users.password_changed_meanwhile",
            "The password was changed by another request a moment ago."
        );

    public static async Task<ErrorOr<Success>> Handle(
        ChangeEmail command,
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

        // The same steps, and two mails, whether or not somebody has the address: what is stored for a taken one is never linked to.
        var change = EmailChange.Begin(account.Id, command.NewEmail, clock.GetUtcNow());
        await db.ForgetEmailChangeAsync(account.Id, ct);
        db.EmailChanges.Add(change);
        var owner = await db
            .Accounts.Where(other => other.NormalizedEmail == change.NormalizedEmail && other.Id != account.Id)
            .Select(other => new { other.Id, other.Email })
            .SingleOrDefaultAsync(ct);
        await messages.PublishAsync(
            owner is null
                ? DeliverMail.New(Letter.ConfirmNewEmail, change.NewEmail, change.Id)
                : DeliverMail.New(Letter.EmailInUse, owner.Email, owner.Id)
        );
        await messages.PublishAsync(DeliverMail.New(Letter.EmailChangeAsked, account.Email, account.Id));
        work.Audit(UserAudit.EmailChangeAsked, account.Id, null);
        return Result.Success;
    }
}
