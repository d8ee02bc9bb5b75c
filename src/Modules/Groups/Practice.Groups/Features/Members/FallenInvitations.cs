using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

internal static class FallenInvitations
{
    /// <summary>Withdraws the open invitations that this member could no longer make, and says so.</summary>
    public static async Task LetInvitationsFallAsync(
        this GroupsDbContext db,
        Membership inviter,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        foreach (var invitation in await db.WithdrawFallenInvitationsAsync(inviter, now, ct))
            await messages.PublishAsync(
                new InvitationClosed(invitation.GroupId, invitation.Id, invitation.UserId, "withdrawn")
            );
    }
}
