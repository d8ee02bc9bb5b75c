using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Invitations;

internal sealed record InvitationView(
    Guid Id,
    string Email,
    RoleType RoleType,
    string Profession,
    string? RegistrationNumber,
    AccessLevelId AccessLevel,
    IReadOnlyDictionary<string, bool> Settings,
    IReadOnlyList<Guid> LocationIds,
    InvitationStatus Status,
    string InvitedBy,
    DateTimeOffset ExpiresAt
);

internal sealed class ReadInvitationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/invitations/{invitationId:guid}", Get)
            .RequireAccess(Access.ManageUsers, changes: false)
            .WithName("ReadInvitation")
            .WithSummary("One invitation of the practice, with the version that changing it asks for.")
            .WithTags("Invitations")
            .Produces<InvitationView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid invitationId,
        GroupsDbContext db,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (
            await db.VisibleInvitations(groupId).AsNoTracking().SingleOrDefaultAsync(i => i.Id == invitationId, ct)
            is not { } invitation
        )
            return CommonErrors.NotFound.ToProblem();
        var levels = await db.FindLevelsAsync(groupId, [invitation.LevelId], ct);
        var level = levels.Held(invitation.RoleType, invitation.Choice);
        return ETags.Ok(
            http,
            new InvitationView(
                invitation.Id,
                invitation.Email,
                invitation.RoleType,
                invitation.Profession,
                invitation.RegistrationNumber,
                level.Id,
                invitation.Choice.Switches(level),
                invitation.LocationIds,
                invitation.StatusAt(clock.GetUtcNow()),
                invitation.InvitedByName,
                invitation.ExpiresAt
            ),
            invitation.Version
        );
    }
}
