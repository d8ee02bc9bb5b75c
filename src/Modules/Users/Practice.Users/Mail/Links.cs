using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Passwords;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Mail;

/// <summary>What following a mailed link has in common, whatever it is for.</summary>
internal static class Links
{
    public const int LongestToken = 200;

    public static Error Invalid { get; } =
        ApiError.Unprocessable(
            "users.link_invalid",
            "This link is not one that we sent. Check that it was copied whole."
        );

    public static Error Expired { get; } =
        ApiError.Create(
            StatusCodes.Status410Gone,
            "users.link_expired",
            "This link has been used, replaced, or is too old. Ask for a new one."
        );

    public static async Task<ErrorOr<Link>> FindOpenLinkAsync(
        this UsersDbContext db,
        string tokenHash,
        DateTimeOffset now,
        CancellationToken ct,
        params LinkPurpose[] purposes
    )
    {
        var link = await db
            .Links.AsNoTracking()
            .SingleOrDefaultAsync(link => link.TokenHash == tokenHash && purposes.Contains(link.Purpose), ct);
        return link is null ? Invalid
            : link.IsOpen(now) ? link
            : Expired;
    }

    /// <summary>Hashes the password that a link's follower has chosen, unless it is one that an administrator knows.</summary>
    public static async Task<ErrorOr<string>> HashNewPasswordAsync(
        this UsersDbContext db,
        Guid accountId,
        string field,
        string? password,
        PasswordHashing passwords,
        CancellationToken ct
    )
    {
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == accountId, ct);
        if (account is null)
            return Expired;
        if (PasswordRules.WhatIsWrong(password, account.Email, account.FirstName, account.LastName) is { } wrong)
            return ApiError.InvalidField(field, wrong);
        if (account.MustChangePassword)
        {
            var same = await passwords.VerifyAsync(account.PasswordHash, password!, ct);
            if (same.IsError)
                return same.Errors;
            if (same.Value)
                return ApiError.InvalidField(field, "Choose another one than the temporary password.");
        }

        return await passwords.HashAsync(password!, ct);
    }

    /// <summary>
    /// Whoever has the mail owns the account: a new password, every session ended, the lock on sign-in opened. Where it
    /// was made by an administrator, the email is proved by it and what was set up before goes.
    /// </summary>
    public static async Task<ErrorOr<Account>> TakeOverAsync(
        this UsersDbContext db,
        Link link,
        string passwordHash,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var account = await db.LockAccountAsync(link.SubjectId, ct);
        if (account is null || !await db.UseLinkAsync(link, now, ct))
            return Expired;
        await db.UseLinksAsync(link.SubjectId, now, ct);

        if (!account.EmailConfirmed)
        {
            using var second = new SecondFactor(db);
            await second.DisableAsync(account, ct);
            (await db.MailPreferences.SingleOrDefaultAsync(chosen => chosen.AccountId == account.Id, ct))?.WantAgain();
            account.ConfirmEmail();
            await messages.PublishAsync(new EmailConfirmed(account.Id));
        }

        account.ChoosePassword(passwordHash);
        await db.EndSessionsAsync(account.Id, now, ct);
        await db.ForgetEmailChangeAsync(account.Id, ct);
        await db.ForgetAttemptsAsync(account.NormalizedEmail!, ct);
        work.Audit(
            link.Purpose == LinkPurpose.ConfirmAccount ? UserAudit.EmailConfirmed : UserAudit.PasswordReset,
            account.Id,
            null,
            by: account.Id
        );
        return account;
    }

    /// <summary>Uses up this very link; false where another request has just done so.</summary>
    private static async Task<bool> UseLinkAsync(
        this UsersDbContext db,
        Link followed,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db
            .Links.Where(link => link.TokenHash == followed.TokenHash && link.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct) > 0;

    /// <summary>Uses up every open link of the subject, or those for <paramref name="purpose"/>; not one that stops mails, which opens nothing.</summary>
    public static Task UseLinksAsync(
        this UsersDbContext db,
        Guid subjectId,
        DateTimeOffset now,
        CancellationToken ct,
        LinkPurpose? purpose = null
    ) =>
        db
            .Links.Where(link =>
                link.SubjectId == subjectId
                && link.UsedAt == null
                && link.ExpiresAt > now
                && link.Purpose != LinkPurpose.StopOnboarding
                && (purpose == null || link.Purpose == purpose)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct);

    /// <summary>Whoever asked to change the account's email must ask again.</summary>
    public static Task ForgetEmailChangeAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        db.EmailChanges.Where(change => change.AccountId == accountId).ExecuteDeleteAsync(ct);

    /// <summary>Voids all pending sign-ups for the email; false where <paramref name="mine"/> was not (or no longer) among them.</summary>
    public static async Task<bool> VoidSignUpsAsync(
        this UsersDbContext db,
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
