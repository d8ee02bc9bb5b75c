using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;

namespace Practice.Groups.ContractHandlers;

public static class FindMembershipsOfHandler
{
    public static async Task<MembershipsOfAnswer> Handle(
        FindMembershipsOf query,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var memberships = await db
            .Memberships.AsNoTracking()
            .Where(member => member.UserId == query.UserId)
            .OrderBy(member => member.JoinedAt)
            .ToListAsync(ct);
        var invitations = await db
            .Invitations.AsNoTracking()
            .Where(invitation => invitation.UserId == query.UserId)
            .OrderBy(invitation => invitation.CreatedAt)
            .ToListAsync(ct);
        return new(
            [
                .. memberships.Select(member => new OwnMembership(
                    member.GroupId,
                    member.RoleType.ToCode(),
                    member.Profession,
                    member.RegistrationNumber,
                    member.LevelId.ToString(),
                    member.IsOwner,
                    member.Status.ToCode(),
                    member.LocationIds,
                    member.JoinedAt,
                    member.DeactivatedAt
                )),
            ],
            [
                .. invitations.Select(invitation => new OwnInvitation(
                    invitation.Id,
                    invitation.GroupId,
                    invitation.GroupName,
                    invitation.Email,
                    invitation.RoleType.ToCode(),
                    invitation.Profession,
                    invitation.LevelId.ToString(),
                    invitation.Status.ToCode(),
                    invitation.InvitedByName,
                    invitation.CreatedAt,
                    invitation.ExpiresAt,
                    invitation.AnsweredAt
                )),
            ]
        );
    }
}
