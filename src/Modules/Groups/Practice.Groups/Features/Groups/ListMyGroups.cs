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
    AccessLevel AccessLevel,
    bool Owner,
    bool Current,
    int? IdleMinutes
);

/// <summary>The caller's groups by name, those in which they are active, and the one they worked in last.</summary>
internal sealed class ListMyGroupsEndpoint : ICarterModule
{
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

        var mine =
            from member in db.Memberships.AsNoTracking()
            join @group in db.Groups on member.GroupId equals @group.Id
            where member.UserId == ModuleDbContext.CurrentUserId() && member.Status == MemberStatus.Active
            select new
            {
                @group.Id,
                @group.Name,
                member.RoleType,
                member.Level,
                member.IsOwner,
                @group.IdleMinutes,
            };
        if (after.Value is { } last)
        {
            var seen = await mine.Where(group => group.Id == last).Select(group => group.Name).SingleOrDefaultAsync(ct);
            if (seen is null)
                return Problems.ToProblem([Paging.Gone]);
            mine = mine.Where(group =>
                EF.Functions.GreaterThan(ValueTuple.Create(group.Name, group.Id), ValueTuple.Create(seen, last))
            );
        }

        var rows = await mine.OrderBy(group => group.Name)
            .ThenBy(group => group.Id)
            .Take(paging.Limit + 1)
            .Select(group => new MyGroup(
                group.Id,
                group.Name,
                group.RoleType,
                group.Level,
                group.IsOwner,
                db.CurrentGroups.Any(current =>
                    current.UserId == ModuleDbContext.CurrentUserId() && current.GroupId == group.Id
                ),
                group.IdleMinutes
            ))
            .ToListAsync(ct);
        return Results.Ok(paging.Page(rows, group => group, group => [group.Id]));
    }
}
