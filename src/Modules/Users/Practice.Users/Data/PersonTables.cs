using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Shared.Exports;
using Practice.Users.Domain;
using Practice.Users.Passkeys;

namespace Practice.Users.Data;

/// <summary>
/// What is held about the signed-in person as a user, as tables of an export. Passwords, keys and tokens are stored as
/// hashes, or encrypted: nobody can read them. What practices keep of patients is in the export of a portal account.
/// </summary>
internal sealed class PersonTables(UsersDbContext db, IModuleBus bus)
{
    private const int ReadAtOnce = 200;

    public IReadOnlyList<ExportTable> All =>
        [
            ExportTable.Of("account", AccountAsync),
            ExportTable.Of("memberships", MembershipsAsync),
            ExportTable.Of("invitations", InvitationsAsync),
            ExportTable.Of("sessions", SessionsAsync),
            ExportTable.Of("devices", DevicesAsync),
            ExportTable.Of("passkeys", PasskeysAsync),
            ExportTable.Of("providers", ProvidersAsync),
            ExportTable.Of("notifications", NotificationsAsync),
        ];

    private IAsyncEnumerable<AccountRow> AccountAsync(CancellationToken ct) =>
        db
            .Accounts.AsNoTracking()
            .Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => new AccountRow(
                account.Id,
                account.Title,
                account.FirstName,
                account.LastName,
                account.Email!,
                account.EmailConfirmed,
                account.TwoFactorEnabled,
                account.AddedByGroupId,
                account.CreatedAt,
                account.FirstSignedInAt,
                db.MailPreferences.Where(of => of.AccountId == account.Id)
                    .Select(of => new MailsRow(
                        of.Onboarding,
                        of.Invitations,
                        of.Memberships,
                        of.Portal,
                        of.NewSignIns,
                        of.Reminders
                    ))
                    .FirstOrDefault(),
                db.EmailChanges.Where(of => of.AccountId == account.Id)
                    .Select(of => new EmailChangeRow(of.NewEmail, of.CreatedAt))
                    .ToList()
            ))
            .AsAsyncEnumerable();

    private async IAsyncEnumerable<OwnMembership> MembershipsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var membership in (await FindMembershipsAsync(ct)).Memberships)
            yield return membership;
    }

    /// <summary>
    /// None until the email is confirmed, as in the list: the practice that made the account may set its password.
    /// </summary>
    private async IAsyncEnumerable<OwnInvitation> InvitationsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var me = db.Accounts.Where(account => account.Id == UsersDbContext.CurrentUserId());
        if (!await me.AnyAsync(account => account.EmailConfirmed, ct))
            yield break;
        foreach (var invitation in (await FindMembershipsAsync(ct)).Invitations)
            yield return invitation;
    }

    private Task<MembershipsOfAnswer> FindMembershipsAsync(CancellationToken ct) =>
        bus.QueryAsync(new FindMembershipsOf(db.Call.Caller.Person), ct);

    private IAsyncEnumerable<SessionRow> SessionsAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<SessionRow>(
            last =>
            {
                var sessions = db
                    .Sessions.AsNoTracking()
                    .Where(session => session.AccountId == UsersDbContext.CurrentUserId());
                if (last is not null)
                    sessions = sessions.Where(session => session.Id < last.Id);
                return sessions
                    .OrderByDescending(session => session.Id)
                    .Take(ReadAtOnce)
                    .Select(session => new SessionRow(
                        session.Id,
                        session.Device,
                        session.CreatedAt,
                        session.LastSeenAt,
                        session.EndedAt
                    ))
                    .ToListAsync(ct);
            },
            ReadAtOnce
        );

    private IAsyncEnumerable<DeviceRow> DevicesAsync(CancellationToken ct) =>
        db
            .KnownDevices.AsNoTracking()
            .Where(device => device.AccountId == UsersDbContext.CurrentUserId())
            .OrderByDescending(device => device.LastAt)
            .Select(device => new DeviceRow(device.Name, device.LastAt))
            .AsAsyncEnumerable();

    private async IAsyncEnumerable<PasskeyView> PasskeysAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var passkeys = db
            .Passkeys.AsNoTracking()
            .Where(passkey => passkey.UserId == UsersDbContext.CurrentUserId())
            .OrderBy(passkey => passkey.Id)
            .AsAsyncEnumerable();
        await foreach (var passkey in passkeys.WithCancellation(ct))
            yield return PasskeyView.Of(passkey);
    }

    private IAsyncEnumerable<ProviderRow> ProvidersAsync(CancellationToken ct) =>
        db
            .ProviderLinks.AsNoTracking()
            .Where(link => link.AccountId == UsersDbContext.CurrentUserId())
            .OrderBy(link => link.Id)
            .Select(link => new ProviderRow(link.Provider, link.Issuer, link.Subject, link.CreatedAt, link.LastUsedAt))
            .AsAsyncEnumerable();

    private IAsyncEnumerable<NotificationRow> NotificationsAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<NotificationRow>(
            last =>
            {
                var notifications = db.OwnNotifications().AsNoTracking();
                if (last is not null)
                    notifications = notifications.Where(notification => notification.Id < last.Id);
                return notifications
                    .OrderByDescending(notification => notification.Id)
                    .Take(ReadAtOnce)
                    .Select(notification => new NotificationRow(
                        notification.Id,
                        notification.Kind,
                        notification.Title,
                        notification.Body,
                        notification.CreatedAt,
                        notification.ReadAt
                    ))
                    .ToListAsync(ct);
            },
            ReadAtOnce
        );

    /// <param name="AddedByGroupId">The practice that made the account; null for people who signed up.</param>
    /// <param name="Emails">Which the person gets; null where they never chose.</param>
    private sealed record AccountRow(
        Guid Id,
        string? Title,
        string FirstName,
        string LastName,
        string Email,
        bool EmailConfirmed,
        bool TwoFactorEnabled,
        Guid? AddedByGroupId,
        DateTimeOffset CreatedAt,
        DateTimeOffset? FirstSignedInAt,
        MailsRow? Emails,
        IReadOnlyList<EmailChangeRow> EmailChanges
    );

    private sealed record MailsRow(
        bool Onboarding,
        bool Invitations,
        bool Memberships,
        bool Portal,
        bool NewSignIns,
        bool Reminders
    );

    private sealed record EmailChangeRow(string NewEmail, DateTimeOffset AskedAt);

    private sealed record SessionRow(
        Guid Id,
        string? Device,
        DateTimeOffset CreatedAt,
        DateTimeOffset LastSeenAt,
        DateTimeOffset? EndedAt
    );

    private sealed record DeviceRow(string Name, DateTimeOffset LastUsedAt);

    /// <param name="Subject">Who the person is at the provider.</param>
    private sealed record ProviderRow(
        string Provider,
        string Issuer,
        string Subject,
        DateTimeOffset CreatedAt,
        DateTimeOffset? LastUsedAt
    );

    private sealed record NotificationRow(
        Guid Id,
        NotificationKind Kind,
        string Title,
        string Body,
        DateTimeOffset CreatedAt,
        DateTimeOffset? ReadAt
    );
}
