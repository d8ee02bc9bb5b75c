using Practice.Contracts.Locations;
using Practice.Locations.Data;
using Practice.Locations.Domain;

namespace Practice.Locations.Features;

/// <summary>Creates another location of the group.</summary>
public sealed record CreateLocation(Guid GroupId, Body<LocationInput> Body) : Message, ICommand<NewResource>;

internal sealed class CreateLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/locations", Post)
            .RequireAccess(Access.ManageLocations)
            .WithName(nameof(CreateLocation))
            .WithTags("Locations")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<LocationInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new CreateLocation(groupId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/locations/{made.Id}", made)
        );
}

public static class CreateLocationHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        CreateLocation command,
        LocationsDbContext db,
        UnitOfWork work,
        TimeProvider clock
    )
    {
        // Restricted members manage only the locations they are assigned to, and a new one is not among them.
        if (work.Caller.May(Access.RestrictToAssignedLocations))
            return AuthorizationErrors.NotAllowed;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var input = read.Value;
        var now = clock.GetUtcNow();
        var location = Location.Open(Guid.CreateVersion7(now), command.GroupId, input.Name!, input.TimeZone!, now);
        location.Describe(input.Name!, input.Address, input.Phone, input.TimeZone!, input.Colour, input.Hours);
        db.Locations.Add(location);
        work.Audit(LocationAudit.Created, location.Id, command.GroupId);
        await work.TellWebhooksAsync(new LocationChanged(command.GroupId, location.Id, LocationStep.Created));
        return new NewResource(location.Id);
    }
}
