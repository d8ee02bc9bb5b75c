using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Email;

/// <summary>
/// Issues the link of an email that is about to be sent. An error if the link would do nothing, or if the account has
/// another email by now: the reader of the old mailbox must not take it over.
/// </summary>
public sealed record IssueLinkToken(LinkPurpose Purpose, Guid SubjectId, string To) : Message, ICommand<IssuedLink>;

/// <param name="SignUp">Describes which of several sign-ups with one email it confirms; null for other links.</param>
public sealed record IssuedLink(string Token, string? SignUp);

public static class IssueLinkTokenHandler
{
    public static async Task<ErrorOr<IssuedLink>> Handle(
        IssueLinkToken command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var signUp =
            command.Purpose == LinkPurpose.ConfirmSignUp
                ? await db
                    .PendingSignUps.AsNoTracking()
                    .SingleOrDefaultAsync(signUp => signUp.Id == command.SubjectId, ct)
                : null;
        var email = EmailAddress.Normalize(command.To);
        var isUseful = command.Purpose switch
        {
            LinkPurpose.ConfirmSignUp => signUp is not null,
            LinkPurpose.ChangeEmail => await db.EmailChanges.AnyAsync(change => change.Id == command.SubjectId, ct),
            LinkPurpose.ConfirmAccount => await db.Accounts.AnyAsync(
                account =>
                    account.Id == command.SubjectId && account.NormalizedEmail == email && !account.EmailConfirmed,
                ct
            ),
            LinkPurpose.ResetPassword
            or LinkPurpose.StopOnboarding
            or LinkPurpose.StopInvitations
            or LinkPurpose.StopMemberships
            or LinkPurpose.StopPortal
            or LinkPurpose.StopNewSignIns => await db.Accounts.AnyAsync(
                account => account.Id == command.SubjectId && account.NormalizedEmail == email,
                ct
            ),
            LinkPurpose.StopReminders => command.SubjectId == StoppedAddress.IdOf(email)
                || command.SubjectId == StoppedAddress.IdOfAll(email)
                || await db.Accounts.AnyAsync(
                    account => account.Id == command.SubjectId && account.NormalizedEmail == email,
                    ct
                ),
            LinkPurpose.LinkProvider => await db.ProviderSignIns.AnyAsync(
                signIn => signIn.Id == command.SubjectId && signIn.NormalizedEmail == email,
                ct
            ),
            LinkPurpose.KeepTwoFactor => await db.Accounts.AnyAsync(
                account =>
                    account.Id == command.SubjectId
                    && account.NormalizedEmail == email
                    && account.TwoFactorEndsAt != null,
                ct
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Purpose, null),
        };
        if (!isUseful)
            return CommonErrors.NotFound;

        var token = RandomToken.New();
        var link = Link.Issue(AuthorizationRequest.Hash(token), command.Purpose, command.SubjectId, clock.GetUtcNow());
        db.Links.Add(link);
        return new IssuedLink(token, signUp?.Description);
    }
}
