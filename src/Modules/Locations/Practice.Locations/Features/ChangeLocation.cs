using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Locations.Domain;
using Wolverine;

namespace Practice.Locations.Features;

/// <summary>Replaces the description of a location. Fields missing from the body are cleared.</summary>
public sealed record ChangeLocation(Guid GroupId, Guid LocationId, IfMatch IfMatch, Body<LocationInput> Body)
    : Message,
        ICommand<Success>;

internal sealed class ChangeLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/locations/{locationId:guid}", Put)
            .RequireAccess(Access.ManageLocations)
            .WithName(nameof(ChangeLocation))
            .WithTags("Locations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid locationId,
        IfMatch ifMatch,
        Body<LocationInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeLocation(groupId, locationId, ifMatch, body), ct)).ToHttp(Results.NoContent);
}

public static class ChangeLocationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeLocation command,
        LocationsDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        // Locked, so that of two people who read the same version the second sees the first one's change.
        if (await db.LockLocationAsync(command.GroupId, command.LocationId, ct) is not { } location)
            return CommonErrors.NotFound;
        if (ETags.Check(command.IfMatch, location.Version) is { } stale)
            return stale;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var (input, shown) = (read.Value, (location.Name, location.TimeZone));
        location.Describe(input.Name!, input.Address, input.Phone, input.TimeZone!, input.Colour, input.Hours);
        if (!work.HasChanged(location))
            return Result.Success;
        work.Audit(LocationAudit.Changed, location.Id, command.GroupId, new { Changes = work.ChangesOf(location) });
        if ((location.Name, location.TimeZone) != shown)
            await messages.PublishAsync(new LocationRenamed(command.GroupId, location.Id));
        await work.TellWebhooksAsync(new LocationChanged(command.GroupId, location.Id, LocationStep.Changed));
        return Result.Success;
    }
}
