using Practice.Groups.Data;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Members;

/// <summary>One member.</summary>
internal sealed class ReadMemberEndpoint : ICarterModule
{
    private static readonly DirectRead<MemberView> Member = new(
        MemberView.Columns + "where group_id = $1 and user_id = $2",
        MemberView.Read
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
        DirectReads<GroupsDbContext> reads,
        HttpContext http,
        CancellationToken ct
    ) =>
        await reads.FindAsync(Member.With(groupId, userId), ct) is { } member
            ? ETags.Ok(http, member, member.Version)
            : CommonErrors.NotFound.ToProblem();
}
