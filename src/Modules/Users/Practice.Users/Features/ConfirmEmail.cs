using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Practice.Users.Passwords;
using Wolverine;

namespace Practice.Users.Features;

/// <summary>
/// Follows a mailed confirmation link. For a sign-up it makes the account; for a change of email it makes it; for an account
/// that an administrator made it sets the password, which the administrator no longer knows, and ends whatever was begun with
/// the old one.
/// </summary>
public sealed record ConfirmEmail(string TokenHash, string? PasswordHash) : Message, ICommand<Success>;

/// <param name="Password">Required for an account that an administrator made; the others have their password already.</param>
internal sealed record ConfirmEmailInput(string? Token, string? Password);

internal sealed class ConfirmEmailInputValidator : AbstractValidator<ConfirmEmailInput>
{
    public ConfirmEmailInputValidator()
    {
        RuleFor(input => input.Token).RequiredText(Links.LongestToken);
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
            .AllowAnonymous()
            .WithName(nameof(ConfirmEmail))
            .WithTags("Users")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Post(
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
        var tokenHash = AuthorizationRequest.Hash(input.Token!);
        if (await db.FindOpenLinkAsync(tokenHash, clock.GetUtcNow(), ct, Purposes) is var link && link.IsError)
            return Problems.ToProblem(link.Errors);

        if (link.Value.Purpose != LinkPurpose.ConfirmAccount)
        {
            return input.Password is null
                ? (await bus.SendAsync(new ConfirmEmail(tokenHash, null), ct)).ToHttp(Results.NoContent)
                : ApiError
                    .InvalidField("password", "This link sets no password: sign in with the one you have.")
                    .ToProblem();
        }

        if (
            await db.HashNewPasswordAsync(link.Value.SubjectId, "password", input.Password, passwords, ct) is var hash
            && hash.IsError
        )
            return Problems.ToProblem(hash.Errors);
        return (await bus.SendAsync(new ConfirmEmail(tokenHash, hash.Value), ct)).ToHttp(Results.NoContent);
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
        if (
            await db.FindOpenLinkAsync(command.TokenHash, now, ct, ConfirmEmailEndpoint.Purposes) is var link
            && link.IsError
        )
            return link.Errors;

        var confirmed = link.Value.Purpose switch
        {
            LinkPurpose.ConfirmSignUp => await MakeAccountAsync(link.Value, db, work, messages, now, ct),
            LinkPurpose.ChangeEmail => await ChangeEmailAsync(link.Value, db, work, messages, now, ct),
            _ => await db.TakeOverAsync(link.Value, command.PasswordHash!, work, messages, now, ct),
        };
        return confirmed.Then(_ => Result.Success);
    }

    private static async Task<ErrorOr<Account>> MakeAccountAsync(
        Link link,
        UsersDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var signUp = await db.PendingSignUps.SingleOrDefaultAsync(signUp => signUp.Id == link.SubjectId, ct);
        if (signUp is null)
            return Links.Expired;

        // Of two links for one email, followed at the same moment, one waits here and then finds its sign-up void.
        await db.LockEmailAsync(signUp.NormalizedEmail, ct);
        if (
            !await db.VoidSignUpsAsync(signUp.NormalizedEmail, signUp.Id, ct)
            || await db.Accounts.AnyAsync(other => other.NormalizedEmail == signUp.NormalizedEmail, ct)
        )
            return Links.Expired;

        var account = Account.SignedUp(signUp, now);
        db.Accounts.Add(account);
        await db.UseLinksAsync(link.SubjectId, now, ct);
        await messages.PublishAsync(new EmailConfirmed(account.Id));
        work.Audit(UserAudit.SignUpConfirmed, account.Id, null, by: account.Id);
        return account;
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
        var asked = await db
            .EmailChanges.AsNoTracking()
            .SingleOrDefaultAsync(change => change.Id == link.SubjectId, ct);
        if (asked is null)
            return Links.Expired;

        // Of two who change to one email at the same moment, one waits here and then finds it taken.
        await db.LockEmailAsync(asked.NormalizedEmail, ct);
        var account = await db.LockAccountAsync(asked.AccountId, ct);
        var change = await db.EmailChanges.SingleOrDefaultAsync(change => change.Id == link.SubjectId, ct);
        if (
            account is null
            || change is null
            || await db.Accounts.AnyAsync(
                other => other.NormalizedEmail == change.NormalizedEmail && other.Id != account.Id,
                ct
            )
        )
            return Links.Expired;

        account.ChangeEmail(change);
        db.EmailChanges.Remove(change);
        await db
            .PendingSignUps.Where(signUp => signUp.NormalizedEmail == change.NormalizedEmail)
            .ExecuteDeleteAsync(ct);
        await db.UseLinksAsync(change.Id, now, ct);
        await db.UseLinksAsync(account.Id, now, ct); // those that went to the old address: it may be somebody else's tomorrow
        await messages.PublishAsync(
            new AccountChanged(account.Id, account.Email!, account.Title, account.FirstName, account.LastName)
        );
        work.Audit(UserAudit.EmailChanged, account.Id, null, by: account.Id);
        return account;
    }
}
