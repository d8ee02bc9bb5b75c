using Microsoft.EntityFrameworkCore;
using Practice.Locations.Data;

namespace Practice.Locations.Features;

/// <summary>One location, with the version that is needed to change it.</summary>
internal sealed class ReadLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/locations/{locationId:guid}", Get)
            .RequireMember()
            .WithName("ReadLocation")
            .WithTags("Locations")
            .Produces<LocationView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid locationId,
        HttpContext http,
        LocationsDbContext db,
        CancellationToken ct
    ) =>
        await db
            .Locations.AsNoTracking()
            .SingleOrDefaultAsync(row => row.GroupId == groupId && row.Id == locationId, ct)
            is { } location
            ? ETags.Ok(http, LocationView.Of(location), location.Version)
            : CommonErrors.NotFound.ToProblem();
}
