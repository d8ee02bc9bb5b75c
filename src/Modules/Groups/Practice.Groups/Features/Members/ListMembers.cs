using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>
/// The group's members by family name; can be filtered by status, role type and location, and searched by name or
/// email.
/// </summary>
internal sealed class ListMembersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/members", Get)
            .RequireMember()
            .WithName("ListMembers")
            .WithTags("Members")
            .Produces<Page<MemberView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        string? status,
        string? roleType,
        string? search,
        string? locationId,
        Paging paging,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var after = paging.AfterTextAndId();
        var withStatus = QueryText.OneOf<MemberStatus>(nameof(status), status);
        var withRole = QueryText.OneOf<RoleType>(nameof(roleType), roleType);
        var searched = QueryText.Search(nameof(search), search);
        var at = QueryText.Id(nameof(locationId), locationId);
        List<Error> wrong =
        [
            .. after.ErrorsOrEmptyList,
            .. withStatus.ErrorsOrEmptyList,
            .. withRole.ErrorsOrEmptyList,
            .. searched.ErrorsOrEmptyList,
            .. at.ErrorsOrEmptyList,
        ];
        if (wrong.Count > 0)
            return Problems.ToProblem(wrong);

        var members = db.Memberships.AsNoTracking().Where(member => member.GroupId == groupId);
        if (withStatus.Value is { } only)
            members = members.Where(member => member.Status == only);
        if (withRole.Value is { } role)
            members = members.Where(member => member.RoleType == role);
        if (at.Value is { } location)
            members = members.Where(member => member.LocationIds.Contains(location));
        if (searched.Value?.ToLowerInvariant() is { } text)
            members = members.Where(member =>
                EF.Property<string>(member, MembershipConfiguration.SearchText).Contains(text)
            );

        if (after.Value is { } last)
        {
            members = members.Where(member =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(EF.Property<string>(member, MembershipConfiguration.SortName), member.UserId),
                    ValueTuple.Create(last.Text, last.Id)
                )
            );
        }

        var rows = await members
            .OrderBy(member => EF.Property<string>(member, MembershipConfiguration.SortName))
            .ThenBy(member => member.UserId)
            .Take(paging.Limit + 1)
            .Select(member => new
            {
                Member = member,
                SortName = EF.Property<string>(member, MembershipConfiguration.SortName),
            })
            .ToListAsync(ct);
        return Results.Ok(
            paging.Page(rows, row => MemberView.Of(row.Member), row => [row.SortName, row.Member.UserId])
        );
    }
}
