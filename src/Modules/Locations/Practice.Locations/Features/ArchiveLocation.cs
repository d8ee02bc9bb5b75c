using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Locations.Domain;
using Wolverine;

namespace Practice.Locations.Features;

/// <summary>
/// Archives a location: nobody is assigned to it and nothing is booked there any more. Its history stays. The last
/// active one cannot be archived, and archiving twice changes nothing.
/// </summary>
public sealed record ArchiveLocation(Guid GroupId, Guid LocationId) : Message, ICommand<Success>;

internal sealed class ArchiveLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/locations/{locationId:guid}/archive", Post)
            .RequireAccess(Access.ManageLocations)
            .WithName(nameof(ArchiveLocation))
            .WithTags("Locations")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid locationId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ArchiveLocation(groupId, locationId), ct)).ToHttp(Results.NoContent);
}

public static class ArchiveLocationHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ArchiveLocation command,
        LocationsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (!await db.Locations.AnyAsync(row => row.GroupId == command.GroupId && row.Id == command.LocationId, ct))
            return CommonErrors.NotFound;

        // The caller may see this location. Whether it is the last one depends on all of them, including those that a
        // restricted caller does not see.
        using var asSystem = work.ActAsSystemIn(command.GroupId);
        var ofTheGroup = await db.LockLocationsAsync(command.GroupId, ct);
        var location = ofTheGroup.Single(row => row.Id == command.LocationId);
        if (location.IsArchived)
            return Result.Success;
        if (location.Archive(ofTheGroup, clock.GetUtcNow()) is { IsError: true } archived)
            return archived.Errors;

        work.Audit(LocationAudit.Archived, location.Id, command.GroupId);
        await messages.PublishAsync(new LocationArchived(command.GroupId, command.LocationId));
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }
}
