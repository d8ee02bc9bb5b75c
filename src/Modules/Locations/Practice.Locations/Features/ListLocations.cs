using Microsoft.EntityFrameworkCore;
using Practice.Locations.Data;

namespace Practice.Locations.Features;

/// <summary>The group's locations by name. A restricted member sees only their assigned locations.</summary>
internal sealed class ListLocationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/locations", Get)
            .RequireMember()
            .WithName("ListLocations")
            .WithTags("Locations")
            .Produces<Page<LocationView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid groupId, Paging paging, LocationsDbContext db, CancellationToken ct)
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var locations = db.Locations.AsNoTracking().Where(location => location.GroupId == groupId);
        if (after.Value is { } last)
        {
            var seen = await locations
                .Where(location => location.Id == last)
                .Select(location => location.Name)
                .SingleOrDefaultAsync(ct);
            if (seen is null)
                return Problems.ToProblem([Paging.Gone]);
            locations = locations.Where(location =>
                EF.Functions.GreaterThan(ValueTuple.Create(location.Name, location.Id), ValueTuple.Create(seen, last))
            );
        }

        var rows = await locations
            .OrderBy(location => location.Name)
            .ThenBy(location => location.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        return Results.Ok(paging.Page(rows, LocationView.Of, location => [location.Id]));
    }
}
