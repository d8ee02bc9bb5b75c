using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;

namespace Practice.Groups.Features.Members;

/// <summary>One member.</summary>
internal sealed class ReadMemberEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}", Get)
            .RequireMember()
            .WithName("ReadMember")
            .WithTags("Members")
            .Produces<MemberView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid userId,
        GroupsDbContext db,
        HttpContext http,
        CancellationToken ct
    ) =>
        await db.Memberships.AsNoTracking().SingleOrDefaultAsync(m => m.GroupId == groupId && m.UserId == userId, ct)
            is { } member
            ? ETags.Ok(http, MemberView.Of(member), member.Version)
            : CommonErrors.NotFound.ToProblem();
}
