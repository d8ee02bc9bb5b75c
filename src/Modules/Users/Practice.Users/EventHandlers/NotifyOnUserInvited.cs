using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Users.EventHandlers;

/// <summary>
/// Shows an invitation to the invited person, and emails it. Sent again, it is the same notification with a later
/// expiry.
/// </summary>
public static class NotifyOnUserInvitedHandler
{
    /// <summary>The database keeps microseconds: a time that is read back can be slightly earlier.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    public static async Task<DeliverEmail?> Handle(
        UserInvited happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(happened.UserId, ct) is not { } account)
            return null;

        var content = NotificationContent.Invitation(
            happened.GroupId,
            happened.GroupName,
            happened.InvitationId,
            happened.InvitedBy,
            happened.ExpiresAt
        );
        var notification = await db.FindInvitationAsync(account.Id, happened.InvitationId, ct);
        if (notification is null)
        {
            var source = Notification.SourceOf(happened.InvitationId);
            db.Notifications.Add(Notification.Of(account.Id, source, content, clock.GetUtcNow()));
        }
        else
        {
            if (happened.ExpiresAt - notification.Data.ExpiresAt < Rounding)
                return null; // handled before
            notification.InviteAgain(content, happened.ExpiresAt);
            if (!notification.Data.IsPending)
                return null;
        }

        return DeliverEmail.New(
            EmailKind.Invitation,
            account.Email,
            happened.GroupId,
            happened.GroupName,
            happened.InvitedBy
        );
    }
}
