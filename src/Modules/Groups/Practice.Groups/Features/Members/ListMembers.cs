using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Members;

/// <summary>
/// The group's members by family name, then first name; can be filtered by status, role type and location, and
/// searched: each word begins a word of the name or email.
/// </summary>
internal sealed class ListMembersEndpoint : ICarterModule
{
    /// <summary>What nearly every call asks for: the first page of all members.</summary>
    private static readonly DirectRead<MemberView> FirstPage = new(
        MemberView.Columns + "where group_id = $1 order by last_name_key, first_name_key, user_id limit $2",
        MemberView.Read
    );

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
        QueryValue<MemberStatus>? status,
        QueryValue<RoleType>? roleType,
        [MaxLength(QueryText.MaxSearchLength)] string? search,
        QueryValue<Guid>? locationId,
        Paging paging,
        DirectReads<GroupsDbContext> reads,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        var withStatus = QueryText.OneOf(nameof(status), status);
        var withRole = QueryText.OneOf(nameof(roleType), roleType);
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

        if ((withStatus.Value, withRole.Value, searched.Value, at.Value, after.Value) is (null, null, null, null, null))
            return Answer(paging, await reads.ListAsync(FirstPage.With(groupId, paging.Limit + 1), ct));

        var members = db.Memberships.Where(member => member.GroupId == groupId);
        if (withStatus.Value is { } only)
            members = members.Where(member => member.Status == only);
        if (withRole.Value is { } role)
            members = members.Where(member => member.RoleType == role);
        if (at.Value is { } location)
            members = members.Where(member => member.LocationIds.Contains(location));
        if (searched.Value is { } text)
            members = members.Where(member => db.FindMembers(groupId, text).Any(found => found.Id == member.UserId));
        if (after.Value is { } last)
        {
            var seen = await db
                .Memberships.Where(member => member.GroupId == groupId && member.UserId == last)
                .Select(member => new
                {
                    LastName = EF.Property<string>(member, MembershipConfiguration.LastNameKey),
                    FirstName = EF.Property<string>(member, MembershipConfiguration.FirstNameKey),
                })
                .SingleOrDefaultAsync(ct);
            if (seen is null)
                return Problems.ToProblem([Paging.Gone]);
            members = members.Where(member =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(
                        EF.Property<string>(member, MembershipConfiguration.LastNameKey),
                        EF.Property<string>(member, MembershipConfiguration.FirstNameKey),
                        member.UserId
                    ),
                    ValueTuple.Create(seen.LastName, seen.FirstName, last)
                )
            );
        }

        return Answer(
            paging,
            await members
                .OrderBy(member => EF.Property<string>(member, MembershipConfiguration.LastNameKey))
                .ThenBy(member => EF.Property<string>(member, MembershipConfiguration.FirstNameKey))
                .ThenBy(member => member.UserId)
                .Take(paging.Limit + 1)
                .Select(MemberView.Of)
                .ToListAsync(ct)
        );
    }

    private static IResult Answer(Paging paging, List<MemberView> rows) =>
        Results.Ok(paging.Page(rows, member => member, member => [member.UserId]));
}
