using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;

namespace Practice.Groups.Features.Members;

/// <summary>One member.</summary>
internal sealed class ReadMemberEndpoint : ICarterModule
{
    private static readonly Func<GroupsDbContext, Guid, Guid, CancellationToken, Task<MemberView?>> Find =
        EF.CompileAsyncQuery(
            (GroupsDbContext db, Guid groupId, Guid userId, CancellationToken _) =>
                db
                    .Memberships.Where(member => member.GroupId == groupId && member.UserId == userId)
                    .Select(MemberView.Of)
                    .SingleOrDefault()
        );

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
        await Find(db, groupId, userId, ct) is { } member
            ? ETags.Ok(http, member, member.Version)
            : CommonErrors.NotFound.ToProblem();
}
