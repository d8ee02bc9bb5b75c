using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Locations.Domain;

namespace Practice.Locations.Features;

/// <summary>Makes an archived location active again. For an active one it changes nothing.</summary>
public sealed record RestoreLocation(Guid GroupId, Guid LocationId) : Message, ICommand<Success>;

internal sealed class RestoreLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/locations/{locationId:guid}/restore", Post)
            .RequireAccess(Access.ManageLocations)
            .WithName(nameof(RestoreLocation))
            .WithTags("Locations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(Guid groupId, Guid locationId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RestoreLocation(groupId, locationId), ct)).ToHttp(Results.NoContent);
}

public static class RestoreLocationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RestoreLocation command,
        LocationsDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        if (await db.LockLocationAsync(command.GroupId, command.LocationId, ct) is not { } location)
            return CommonErrors.NotFound;
        if (!location.IsArchived)
            return Result.Success;

        location.Restore();
        work.Audit(LocationAudit.Restored, location.Id, command.GroupId);
        await work.TellWebhooksAsync(new LocationChanged(command.GroupId, location.Id, LocationStep.Restored));
        return Result.Success;
    }
}
