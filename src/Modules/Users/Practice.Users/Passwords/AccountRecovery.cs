using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Passwords;

/// <summary>
/// What confirming an added account and resetting a password have in common: the reader of the mailbox owns the
/// account.
/// </summary>
internal static class AccountRecovery
{
    /// <summary>
    /// Checks and hashes the new password. It must not be the temporary one, which an administrator knows.
    /// </summary>
    public static async Task<ErrorOr<string>> HashNewPasswordAsync(
        this UsersDbContext db,
        Guid accountId,
        string? password,
        PasswordHashing passwords,
        CancellationToken ct
    )
    {
        const string field = "password";
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == accountId, ct);
        if (account is null)
            return LinkErrors.Expired;
        if (PasswordRules.FindProblem(password, account.Email, account.FirstName, account.LastName) is { } problem)
            return ApiError.InvalidField(field, problem);
        if (account.MustChangePassword)
        {
            var same = await passwords.VerifyAsync(account.PasswordHash, password!, ct);
            if (same.IsError)
                return same.Errors;
            if (same.Value)
                return ApiError.InvalidField(field, "Choose a password other than the temporary one.");
        }

        return await passwords.HashAsync(password!, ct);
    }

    /// <summary>
    /// Uses the link: sets the new password, ends all sessions and calendar feeds, and unlocks sign-in. If an
    /// administrator created the account and nobody has confirmed it yet, this confirms the email and removes what was
    /// set up before.
    /// </summary>
    public static async Task<ErrorOr<Account>> RecoverAsync(
        this UsersDbContext db,
        Link link,
        string passwordHash,
        string? device,
        string address,
        bool lostSecondFactor,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var account = await db.LockAccountAsync(link.SubjectId, ct);
        if (account is null || !await db.UseLinkAsync(link, now, ct))
            return LinkErrors.Expired;
        await db.UseLinksAsync(link.SubjectId, now, purpose: null, ct);

        if (!account.EmailConfirmed)
        {
            await SecondFactor.DisableAsync(db, account, ct);
            await db.RemovePasskeysAsync(account.Id, ct);
            await db.ForgetProvidersAsync(account.Id, ct);
            var chosen = await db.MailPreferences.SingleOrDefaultAsync(chosen => chosen.AccountId == account.Id, ct);
            chosen?.Reset();
            account.ConfirmEmail();
            await messages.PublishAsync(new EmailConfirmed(account.Id));
        }

        account.ChoosePassword(passwordHash);
        if (lostSecondFactor && account.TwoFactorEnabled)
        {
            await db.LoseSecondFactorAsync(account, work, messages, now, ct);
        }
        else
        {
            // It is not lost. Else who reads the mailbox could end all sessions that may stop it.
            work.KeepTwoFactor(account);
            await db.EndSessionsAsync(account.Id, now, except: null, ct);
        }

        await db.EndCalendarFeedsAsync(account.Id, ct);
        await db.CancelEmailChangeAsync(account.Id, ct);
        await db.ForgetOtherPlacesAsync(account, device, address, now, ct);
        var act = link.Purpose == LinkPurpose.ConfirmAccount ? UserAudit.EmailConfirmed : UserAudit.PasswordReset;
        work.Audit(act, account.Id, null, by: account.Id);
        return account;
    }

    /// <summary>
    /// Announces the end of two-factor authentication to the mailbox and to every session that has shown the second
    /// factor. Those sessions stay open, since they can stop it; all others end.
    /// </summary>
    private static async Task LoseSecondFactorAsync(
        this UsersDbContext db,
        Account account,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        account.LoseSecondFactor(now);
        await db.EndSessionsWithoutSecondFactorAsync(account.Id, now, ct);
        var content = NotificationContent.SecondFactorLost(account.TwoFactorEndsAt!.Value);
        db.Notifications.Add(Notification.Of(account.Id, $"second-factor:{Guid.CreateVersion7(now)}", content, now));
        await messages.PublishAsync(DeliverEmail.New(EmailKind.SecondFactorLost, account.Email, account.Id));
        work.Audit(UserAudit.SecondFactorLost, account.Id, null, new { account.TwoFactorEndsAt }, by: account.Id);
    }
}
