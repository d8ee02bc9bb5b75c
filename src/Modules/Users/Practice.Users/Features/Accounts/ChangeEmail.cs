using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features.Accounts;

/// <summary>
/// Requests a change of email. Nothing changes until the link sent to the new address is followed by someone who is
/// signed in to this account, or knows its password. Neither the answer nor its timing reveals whether that address has
/// an account; if it has, its owner is told by email.
/// </summary>
/// <param name="CurrentHash">
/// The hash that the password was verified against. If it has changed since, nothing happens.
/// </param>
public sealed record ChangeEmail(string NewEmail, string CurrentHash) : Message, ICommand<Success>;

internal sealed record ChangeEmailInput(string? NewEmail, string? Password);

internal sealed class ChangeEmailInputValidator : AbstractValidator<ChangeEmailInput>
{
    public ChangeEmailInputValidator()
    {
        RuleFor(input => input.NewEmail).Email();
        RuleFor(input => input.Password).RequiredText(PasswordLength.MaxUtf16Units);
    }
}

internal sealed class ChangeEmailEndpoint : ICarterModule
{
    private static Error NotConfirmed { get; } =
        ApiError.Forbidden("users.email_not_confirmed", "Confirm your email first, with the link that we sent you.");

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
        PasswordGate gate,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var account = await db
            .Accounts.AsNoTracking()
            .Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new
            {
                account.Id,
                account.NormalizedEmail,
                account.EmailConfirmed,
                account.TwoFactorEnabled,
                account.PasswordHash,
            })
            .SingleAsync(ct);
        if (!account.EmailConfirmed)
            return NotConfirmed.ToProblem();
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        // With the password alone, a thief could shut the owner out.
        if (account.TwoFactorEnabled && !db.Call.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired.ToProblem();
        var (email, hash, password) = (account.NormalizedEmail!, account.PasswordHash!, read.Value.Password!);
        if (
            await gate.VerifyCurrentPasswordAsync(email, hash, password, PasswordErrors.WrongPassword, ct) is
            { IsError: true } failed
        )
            return LockedOut.ToProblem(http, failed.Errors);
        if (await bus.CountEmailRequestAsync(http, account.Id, ct) is { } tooMany)
            return tooMany;
        return (await bus.SendAsync(new ChangeEmail(read.Value.NewEmail!, hash), ct)).ToHttp(() => Results.Accepted());
    }
}

public static class ChangeEmailHandler
{
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
            return PasswordErrors.ChangedMeanwhile;

        // The same steps and two emails, whether or not the address is taken. For a taken one no link is ever issued.
        var change = EmailChange.Begin(account.Id, command.NewEmail, clock.GetUtcNow());
        await db.CancelEmailChangeAsync(account.Id, ct);
        db.EmailChanges.Add(change);
        var owner = await db
            .Accounts.Where(other => other.NormalizedEmail == change.NormalizedEmail && other.Id != account.Id)
            .Select(other => new { other.Id, other.Email })
            .SingleOrDefaultAsync(ct);
        var from = $"{account.FirstName} {account.LastName}";
        await messages.PublishAsync(
            owner is null
                ? DeliverEmail.New(
                    EmailKind.ConfirmNewEmail,
                    change.NewEmail,
                    change.Id,
                    from: from,
                    senderId: account.Id
                )
                : DeliverEmail.New(EmailKind.EmailInUse, owner.Email, owner.Id, senderId: account.Id)
        );
        await messages.PublishAsync(DeliverEmail.New(EmailKind.EmailChangeRequested, account.Email, account.Id));
        work.Audit(UserAudit.EmailChangeRequested, account.Id, null);
        return Result.Success;
    }
}
