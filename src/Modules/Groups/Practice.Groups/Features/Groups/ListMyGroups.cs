using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Groups;

/// <param name="IdleMinutes">As in the group's settings, for pages that warn before.</param>
internal sealed record MyGroup(
    Guid Id,
    string Name,
    RoleType RoleType,
    AccessLevelId AccessLevel,
    bool Owner,
    bool Current,
    int? IdleMinutes
);

/// <summary>The caller's groups by name, those in which they are active, and the one they worked in last.</summary>
internal sealed class ListMyGroupsEndpoint : ICarterModule
{
    /// <summary>The groups after the one with this name and id; without a name from the first.</summary>
    private static readonly Func<GroupsDbContext, string?, Guid, int, IAsyncEnumerable<MyGroup>> After =
        EF.CompileAsyncQuery(
            (GroupsDbContext db, string? name, Guid id, int rows) =>
                (
                    from member in db.Memberships
                    join @group in db.Groups on member.GroupId equals @group.Id
                    where
                        member.UserId == ModuleDbContext.CurrentUserId()
                        && member.Status == MemberStatus.Active
                        && (
                            name == null
                            || EF.Functions.GreaterThan(
                                ValueTuple.Create(@group.Name, @group.Id),
                                ValueTuple.Create(name, id)
                            )
                        )
                    orderby @group.Name, @group.Id
                    select new MyGroup(
                        @group.Id,
                        @group.Name,
                        member.RoleType,
                        AccessLevelId.Of(member.RoleType, member.Level, member.OwnLevelId),
                        member.IsOwner,
                        db.CurrentGroups.Any(current =>
                            current.UserId == ModuleDbContext.CurrentUserId() && current.GroupId == @group.Id
                        ),
                        @group.IdleMinutes
                    )
                ).Take(rows)
        );

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups", Get)
            .RequireSession()
            .WithName("ListMyGroups")
            .WithTags("Groups")
            .Produces<Page<MyGroup>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(Paging paging, GroupsDbContext db, CancellationToken ct)
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        string? name = null;
        if (after.Value is { } last)
        {
            name = await db
                .Memberships.Where(member =>
                    member.UserId == ModuleDbContext.CurrentUserId()
                    && member.GroupId == last
                    && member.Status == MemberStatus.Active
                )
                .Join(db.Groups, member => member.GroupId, group => group.Id, (_, group) => group.Name)
                .SingleOrDefaultAsync(ct);
            if (name is null)
                return Problems.ToProblem([Paging.Gone]);
        }

        var rows = await After(db, name, after.Value ?? Guid.Empty, paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(paging.Page(rows, group => group, group => [group.Id]));
    }
}
