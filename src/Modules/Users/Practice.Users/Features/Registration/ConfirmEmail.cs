using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Features.Registration;

/// <summary>
/// Follows an emailed confirmation link. A sign-up becomes an account, with the password that the reader of the mailbox
/// chooses: someone else may have signed up with their address. A change of email takes effect; an account that
/// an administrator created gets a password that the administrator does not know, and everything set up with the old
/// one ends.
/// </summary>
public sealed record ConfirmEmail(string TokenHash, string? PasswordHash, string? Device, string Address)
    : Message,
        ICommand<Success>;

/// <param name="Password">
/// Required for an account that an administrator created. For a sign-up it replaces the password of the sign-up, which
/// someone else may know: a front end should always ask for it. Other links take none.
/// </param>
internal sealed record ConfirmEmailInput(string? Token, string? Password);

internal sealed class ConfirmEmailInputValidator : AbstractValidator<ConfirmEmailInput>
{
    public ConfirmEmailInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Password).Password(_ => []).When(input => input.Password is not null);
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

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/confirm-email", Post)
            .AllowAnyone()
            .WithName(nameof(ConfirmEmail))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
        HttpContext http,
        Body<ConfirmEmailInput> body,
        UsersDbContext db,
        PasswordHashing passwords,
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
        if (link.Value.Purpose == LinkPurpose.ConfirmAccount || password is not null)
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
            LinkPurpose.ChangeEmail => await ChangeEmailAsync(link.Value, db, work, messages, now, ct),
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

    private static async Task<ErrorOr<Account>> ChangeEmailAsync(
        Link link,
        UsersDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var requested = await db
            .EmailChanges.AsNoTracking()
            .SingleOrDefaultAsync(change => change.Id == link.SubjectId, ct);
        if (requested is null)
            return LinkErrors.Expired;

        // If two people change to one email at once, the second waits here and then finds it taken.
        await db.LockEmailAsync(requested.NormalizedEmail, ct);
        var account = await db.LockAccountAsync(requested.AccountId, ct);
        var change = await db.EmailChanges.SingleOrDefaultAsync(change => change.Id == link.SubjectId, ct);
        if (
            account is null
            || change is null
            || await db.Accounts.AnyAsync(
                other => other.NormalizedEmail == change.NormalizedEmail && other.Id != account.Id,
                ct
            )
        )
            return LinkErrors.Expired;

        account.ChangeEmail(change);
        work.KeepTwoFactor(account); // the reader of the old mailbox asked for its end
        db.EmailChanges.Remove(change);
        await db
            .PendingSignUps.Where(signUp => signUp.NormalizedEmail == change.NormalizedEmail)
            .ExecuteDeleteAsync(ct);
        await db.UseLinksAsync(change.Id, now, purpose: null, ct);
        // sent to the old address, which may belong to someone else tomorrow
        await db.UseEveryLinkAsync(account.Id, now, ct);
        await messages.PublishAsync(
            new AccountChanged(account.Id, account.Email!, account.Title, account.FirstName, account.LastName)
        );
        work.Audit(UserAudit.EmailChanged, account.Id, null, by: account.Id);
        return account;
    }
}
