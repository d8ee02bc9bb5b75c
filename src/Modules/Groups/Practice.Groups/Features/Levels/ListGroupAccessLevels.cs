using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Levels;

/// <param name="Settings">Every setting, and whether the level turns it on.</param>
/// <param name="Archived">Given to nobody new.</param>
internal sealed record OwnAccessLevelView(
    Guid Id,
    string Name,
    RoleType RoleType,
    IReadOnlyDictionary<string, bool> Settings,
    bool Archived
)
{
    public static OwnAccessLevelView Of(OwnAccessLevel level) =>
        new(level.Id, level.Name, level.RoleType, AccessLevels.Describe(level.Settings), level.IsArchived);
}

/// <param name="Members">How many active members have it.</param>
internal sealed record OwnAccessLevelDetails(
    Guid Id,
    string Name,
    RoleType RoleType,
    IReadOnlyDictionary<string, bool> Settings,
    bool Archived,
    int Members
);

/// <param name="Presets">The levels of the catalogue. They are the same in every group and cannot be changed.</param>
/// <param name="Items">The group's own.</param>
internal sealed record GroupAccessLevels(
    IReadOnlyList<AccessLevelView> Presets,
    IReadOnlyList<OwnAccessLevelView> Items,
    string? Next
);

/// <summary>
/// The access levels of a group: the presets, and its own by name. <c>archived=false</c> leaves out those that nobody
/// new is given.
/// </summary>
internal sealed class ListGroupAccessLevelsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/groups/{groupId:guid}/access-levels", Get)
            .RequireMember()
            .WithName("ListGroupAccessLevels")
            .WithTags("Access levels")
            .Produces<GroupAccessLevels>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/access-levels/{levelId:guid}", GetOne)
            .RequireMember()
            .WithName("ReadAccessLevel")
            .WithSummary("One of the group's own access levels, with the version that changing it asks for.")
            .WithTags("Access levels")
            .Produces<OwnAccessLevelDetails>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        QueryValue<bool>? archived,
        Paging paging,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        var only = QueryText.YesOrNoIfSent(nameof(archived), archived);
        List<Error> wrong = [.. after.ErrorsOrEmptyList, .. only.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return Problems.ToProblem(wrong);

        var levels = db.AccessLevels.AsNoTracking().Where(level => level.GroupId == groupId);
        if (after.Value is { } last)
        {
            var seen = await levels
                .Where(level => level.Id == last)
                .Select(level => level.Name)
                .SingleOrDefaultAsync(ct);
            if (seen is null)
                return Problems.ToProblem([Paging.Gone]);
            levels = levels.Where(level =>
                EF.Functions.GreaterThan(ValueTuple.Create(level.Name, level.Id), ValueTuple.Create(seen, last))
            );
        }

        if (only.Value is { } isArchived)
            levels = levels.Where(level => (level.ArchivedAt != null) == isArchived);
        var rows = await levels
            .OrderBy(level => level.Name)
            .ThenBy(level => level.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        var page = paging.Page(rows, OwnAccessLevelView.Of, level => [level.Id]);
        return Results.Ok(new GroupAccessLevels(AccessLevelView.Presets, page.Items, page.Next));
    }

    private static async Task<IResult> GetOne(
        Guid groupId,
        Guid levelId,
        GroupsDbContext db,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (
            await db.AccessLevels.AsNoTracking().SingleOrDefaultAsync(l => l.GroupId == groupId && l.Id == levelId, ct)
            is not { } level
        )
            return CommonErrors.NotFound.ToProblem();
        var members = await db.Memberships.CountAsync(
            member => member.GroupId == groupId && member.OwnLevelId == levelId && member.Status == MemberStatus.Active,
            ct
        );
        return ETags.Ok(
            http,
            new OwnAccessLevelDetails(
                level.Id,
                level.Name,
                level.RoleType,
                AccessLevels.Describe(level.Settings),
                level.IsArchived,
                members
            ),
            level.Version
        );
    }
}
