using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features.Registration;

/// <summary>
/// Follows an emailed confirmation link. A sign-up becomes an account, with the password that the reader of the mailbox
/// chooses: someone else may have signed up with their address. A change of email takes effect with the password of the
/// account that asked for it; in a session, ConfirmNewEmail does it without. An account that an administrator created
/// gets a password that the administrator does not know, and everything set up with the old one ends.
/// </summary>
/// <param name="PasswordHash">
/// Of the new password. For a change of email, the hash that the current one was verified against: if it has changed
/// since, nothing happens.
/// </param>
public sealed record ConfirmEmail(string TokenHash, string? PasswordHash, string? Device, string Address)
    : Message,
        ICommand<Success>;

/// <param name="Password">
/// Required for an account that an administrator created. For a sign-up it replaces the password of the sign-up, which
/// someone else may know: a front end should always ask for it. Other links take none.
/// </param>
/// <param name="CurrentPassword">
/// Required for a change of email, of the account that asked for it: anybody can ask for anybody's address.
/// </param>
internal sealed record ConfirmEmailInput(string? Token, string? Password, string? CurrentPassword = null);

internal sealed class ConfirmEmailInputValidator : AbstractValidator<ConfirmEmailInput>
{
    public ConfirmEmailInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Password).Password(_ => []).When(input => input.Password is not null);
        RuleFor(input => input.CurrentPassword)
            .RequiredText(PasswordLength.MaxUtf16Units)
            .When(input => input.CurrentPassword is not null);
    }
}

internal sealed class ConfirmEmailEndpoint : ICarterModule
{
    internal static readonly LinkPurpose[] Purposes =
    [
        LinkPurpose.ConfirmSignUp,
        LinkPurpose.ConfirmAccount,
        LinkPurpose.ChangeEmail,
    ];

    private static Error CurrentPasswordRequired { get; } =
        ApiError.Unprocessable(
            "users.current_password_required",
            "Sign in to the account that asked for this email and open the link again, or enter its password."
        );

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/confirm-email", Post)
            .AllowAnyone()
            .WithName(nameof(ConfirmEmail))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<ConfirmEmailInput> body,
        UsersDbContext db,
        PasswordHashing passwords,
        PasswordGate gate,
        TimeProvider clock,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        if (body.Read() is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var input = read.Value;
        var (tokenHash, address) = (AuthorizationRequest.Hash(input.Token!), ClientAddress.Of(http).ToString());
        if (await db.FindOpenLinkAsync(tokenHash, clock.GetUtcNow(), ct, Purposes) is var link && link.IsError)
            return Problems.ToProblem(link.Errors);

        var (subject, password) = (link.Value.SubjectId, input.Password);
        string? hash = null;
        if (link.Value.Purpose == LinkPurpose.ChangeEmail && password is null)
        {
            var verified = await VerifyOwnerAsync(db, subject, input.CurrentPassword, gate, ct);
            if (verified.IsError)
                return LockedOut.ToProblem(http, verified.Errors);
            hash = verified.Value;
        }
        else if (link.Value.Purpose == LinkPurpose.ConfirmAccount || password is not null)
        {
            ErrorOr<string> hashed = link.Value.Purpose switch
            {
                LinkPurpose.ConfirmAccount => await db.HashNewPasswordAsync(subject, password, passwords, ct),
                LinkPurpose.ConfirmSignUp => await HashOfSignUpAsync(db, subject, password!, passwords, ct),
                _ => ApiError.InvalidField("password", "This link sets no password. Sign in with the one you have."),
            };
            if (hashed.IsError)
                return Problems.ToProblem(hashed.Errors);
            hash = hashed.Value;
        }

        return (
            await bus.SendAsync(new ConfirmEmail(tokenHash, hash, ClientName.Of(http.Request), address), ct)
        ).ToHttp(Results.NoContent);
    }

    /// <summary>Verifies the password of the account that asked for the change.</summary>
    /// <returns>The hash that it was verified against.</returns>
    private static async Task<ErrorOr<string>> VerifyOwnerAsync(
        UsersDbContext db,
        Guid changeId,
        string? password,
        PasswordGate gate,
        CancellationToken ct
    )
    {
        var owner = await db
            .EmailChanges.Where(change => change.Id == changeId)
            .Join(
                db.Accounts,
                change => change.AccountId,
                account => account.Id,
                (_, account) => new { account.NormalizedEmail, account.PasswordHash }
            )
            .SingleOrDefaultAsync(ct);
        if (owner is null)
            return LinkErrors.Expired;
        if (password is null)
            return CurrentPasswordRequired;
        var (email, hash) = (owner.NormalizedEmail!, owner.PasswordHash!);
        var verified = await gate.VerifyCurrentPasswordAsync(email, hash, password, PasswordErrors.WrongPassword, ct);
        return verified.IsError ? verified.Errors : hash;
    }

    private static async Task<ErrorOr<string>> HashOfSignUpAsync(
        UsersDbContext db,
        Guid signUpId,
        string password,
        PasswordHashing passwords,
        CancellationToken ct
    )
    {
        var signUp = await db.PendingSignUps.AsNoTracking().SingleOrDefaultAsync(signUp => signUp.Id == signUpId, ct);
        if (signUp is null)
            return LinkErrors.Expired;
        if (PasswordRules.FindProblem(password, signUp.Email, signUp.FirstName, signUp.LastName) is { } problem)
            return ApiError.InvalidField("password", problem);
        return await passwords.HashAsync(password, ct);
    }
}

public static class ConfirmEmailHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ConfirmEmail command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var link = await db.FindOpenLinkAsync(command.TokenHash, now, ct, ConfirmEmailEndpoint.Purposes);
        if (link.IsError)
            return link.Errors;

        var confirmed = link.Value.Purpose switch
        {
            LinkPurpose.ConfirmSignUp => await CreateAccountAsync(
                link.Value,
                command.PasswordHash,
                db,
                work,
                messages,
                now,
                ct
            ),
            LinkPurpose.ChangeEmail => await db.ChangeEmailAsync(
                link.Value,
                account => account.PasswordHash == command.PasswordHash ? null : PasswordErrors.ChangedMeanwhile,
                work,
                messages,
                now,
                ct
            ),
            LinkPurpose.ConfirmAccount => await db.RecoverAsync(
                link.Value,
                command.PasswordHash!,
                command.Device,
                command.Address,
                lostSecondFactor: false,
                work,
                messages,
                now,
                ct
            ),
            _ => throw new InvalidOperationException($"A link for {link.Value.Purpose} confirms nothing."),
        };
        return confirmed.Then(_ => Result.Success);
    }

    private static async Task<ErrorOr<Account>> CreateAccountAsync(
        Link link,
        string? passwordHash,
        UsersDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var signUp = await db.PendingSignUps.SingleOrDefaultAsync(signUp => signUp.Id == link.SubjectId, ct);
        if (signUp is null)
            return LinkErrors.Expired;

        // If two links for one email are followed at once, the second waits here and then finds its sign-up deleted.
        await db.LockEmailAsync(signUp.NormalizedEmail, ct);
        if (
            !await DeleteSignUpsAsync(db, signUp.NormalizedEmail, signUp.Id, ct)
            || await db.Accounts.AnyAsync(other => other.NormalizedEmail == signUp.NormalizedEmail, ct)
        )
            return LinkErrors.Expired;

        var account = Account.SignedUp(signUp, now);
        if (passwordHash is not null)
            account.ChoosePassword(passwordHash);
        db.Accounts.Add(account);
        await db.UseLinksAsync(link.SubjectId, now, purpose: null, ct);
        await messages.PublishAsync(new EmailConfirmed(account.Id));
        work.Audit(UserAudit.SignUpConfirmed, account.Id, null, by: account.Id);
        return account;
    }

    /// <summary>
    /// Deletes all pending sign-ups for the email; false if <paramref name="mine"/> was not, or no longer, among them.
    /// </summary>
    private static async Task<bool> DeleteSignUpsAsync(
        UsersDbContext db,
        string normalizedEmail,
        Guid mine,
        CancellationToken ct
    )
    {
        var found = await db.PendingSignUps.Where(signUp => signUp.Id == mine).ExecuteDeleteAsync(ct) > 0;
        await db.PendingSignUps.Where(signUp => signUp.NormalizedEmail == normalizedEmail).ExecuteDeleteAsync(ct);
        return found;
    }
}
