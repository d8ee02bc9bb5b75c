using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Shows an invitation to the person invited, and mails it. Sent again it is the same notification, with a later expiry.</summary>
public static class TellOnUserInvitedHandler
{
    /// <summary>The database keeps times to the microsecond: the same time read back can be a little earlier.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    public static async Task Handle(
        UserInvited invited,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var account = await db.LockAccountAsync(invited.UserId, ct);
        if (account is null)
            return;

        var source = Notification.SourceOf(invited.InvitationId);
        var title = $"{invited.InvitedBy} invites you to {invited.GroupName}";
        const string body = "Accept to become a member, or reject the invitation.";
        var known = await db.Notifications.SingleOrDefaultAsync(
            told => told.AccountId == account.Id && told.Source == source,
            ct
        );
        if (known is null)
        {
            db.Notifications.Add(
                Notification.Of(
                    account.Id,
                    source,
                    NotificationKind.Invitation,
                    title,
                    body,
                    new NotificationData
                    {
                        GroupId = invited.GroupId,
                        InvitationId = invited.InvitationId,
                        Status = NotificationData.Pending,
                        ExpiresAt = invited.ExpiresAt,
                    },
                    clock.GetUtcNow()
                )
            );
        }
        else if (invited.ExpiresAt - known.Data.ExpiresAt < Rounding)
        {
            return;
        }
        else
        {
            known.InviteAgain(title, body, invited.ExpiresAt);
            if (known.Data.Status != NotificationData.Pending)
                return;
        }

        await messages.PublishAsync(
            DeliverMail.New(
                Letter.Invitation,
                account.Email,
                invited.InvitationId,
                invited.GroupName,
                invited.InvitedBy
            )
        );
    }
}
