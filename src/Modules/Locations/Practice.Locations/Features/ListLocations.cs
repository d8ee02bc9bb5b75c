using Microsoft.EntityFrameworkCore;
using Practice.Locations.Data;
using Practice.Locations.Domain;

namespace Practice.Locations.Features;

/// <summary>A location as it is read.</summary>
internal sealed record LocationView(
    Guid Id, string Name, string? Address, string? Phone, string TimeZone, string? Colour, LocationStatus Status)
{
    public static LocationView Of(Location location) => new(
        location.Id, location.Name, location.Address, location.Phone, location.TimeZone, location.Colour,
        location.IsArchived ? LocationStatus.Archived : LocationStatus.Active);
}

internal enum LocationStatus
{
    Active,
    Archived,
}

/// <summary>The group's locations by name.</summary>
internal sealed class ListLocationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/api/groups/{groupId:guid}/locations", Get)
        .RequireMember()
        .WithName("ListLocations").WithTags("Locations")
        .Produces<Page<LocationView>>()
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid groupId, Paging paging, LocationsDbContext db, CancellationToken ct)
    {
        if (paging.AfterTextAndId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var locations = db.Locations.AsNoTracking().Where(location => location.GroupId == groupId);
        if (after.Value is { } last)
        {
            locations = locations.Where(location =>
                EF.Functions.GreaterThan(ValueTuple.Create(location.Name, location.Id), ValueTuple.Create(last.Text, last.Id)));
        }

        var rows = await locations.OrderBy(location => location.Name).ThenBy(location => location.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(paging.Page(rows, LocationView.Of, location => [location.Name, location.Id]));
    }
}
