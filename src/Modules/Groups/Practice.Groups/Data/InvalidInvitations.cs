using Microsoft.EntityFrameworkCore;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Data;

internal static class InvalidInvitations
{
    /// <summary>
    /// Withdraws the open invitations that this member could no longer make: an invitation is valid only while its
    /// inviter has the right to make it.
    /// </summary>
    public static async Task WithdrawInvalidInvitationsAsync(
        this GroupsDbContext db,
        UnitOfWork work,
        Membership inviter,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var open = await db.OpenInvitationsOf(inviter).ToListAsync(ct);
        foreach (var invalid in open.Where(invitation => !invitation.CouldBeMadeBy(inviter)))
        {
            invalid.Close(InvitationStatus.Withdrawn, now);
            work.Audit(GroupAudit.InvitationWithdrawn, invalid.UserId, invalid.GroupId, new { invalid.Id });
            await messages.PublishAsync(invalid.ToClosedEvent());
        }
    }
}
