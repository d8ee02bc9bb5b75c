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
            await invalid.WithdrawAsync(work, now, messages);
    }

    /// <summary>Withdraws an open invitation, with its entry in the audit and its event.</summary>
    public static async Task WithdrawAsync(
        this Invitation invitation,
        UnitOfWork work,
        DateTimeOffset now,
        IMessageContext messages
    )
    {
        invitation.Close(InvitationStatus.Withdrawn, now);
        work.Audit(GroupAudit.InvitationWithdrawn, invitation.UserId, invitation.GroupId, new { invitation.Id });
        await messages.PublishAsync(invitation.ToClosedEvent());
    }
}
