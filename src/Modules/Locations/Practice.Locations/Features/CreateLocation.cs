using FluentValidation;
using Practice.Locations.Data;
using Practice.Locations.Domain;
using Practice.Shared.Authority;

namespace Practice.Locations.Features;

/// <summary>Opens another location of the group.</summary>
public sealed record CreateLocation(Guid GroupId, Body<LocationInput> Body) : ICommand<Location>;

/// <summary>What staff enter about a location.</summary>
/// <param name="TimeZone">An IANA time zone, such as <c>Australia/Melbourne</c>.</param>
/// <param name="Colour">As <c>#rrggbb</c>.</param>
public sealed record LocationInput(string? Name, string? Address, string? Phone, string? TimeZone, string? Colour);

internal sealed class LocationInputValidator : AbstractValidator<LocationInput>
{
    public LocationInputValidator()
    {
        RuleFor(location => location.Name).RequiredText(100);
        RuleFor(location => location.Address).OptionalText(300);
        RuleFor(location => location.Phone).OptionalText(40);
        RuleFor(location => location.TimeZone).RequiredText(64);
        RuleFor(location => location.TimeZone).Must(TimeZones.IsIana).When(location => !string.IsNullOrEmpty(location.TimeZone))
            .WithMessage("An IANA time zone, such as Australia/Melbourne.");
        RuleFor(location => location.Colour).Matches("^#[0-9a-fA-F]{6}$").WithMessage("A colour as #rrggbb.");
    }
}

internal sealed class CreateLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/api/groups/{groupId:guid}/locations", Post)
        .RequireAccess(Access.ManageLocations)
        .WithName(nameof(CreateLocation)).WithTags("Locations")
        .Produces<NewResource>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(Guid groupId, Body<LocationInput> body, Commands commands, CancellationToken ct) =>
        (await commands.Send(new CreateLocation(groupId, body), ct))
            .ToHttp(made => Results.Created($"/api/groups/{groupId}/locations/{made.Id}", new NewResource(made.Id)));
}

public static class CreateLocationHandler
{
    public static ErrorOr<Location> Handle(CreateLocation command, LocationsDbContext db, UnitOfWork work, TimeProvider clock)
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var input = read.Value;
        var now = clock.GetUtcNow();
        var location = Location.Open(Guid.CreateVersion7(now), command.GroupId, input.Name!, input.TimeZone!, now);
        location.Describe(input.Name!, input.Address, input.Phone, input.TimeZone!, input.Colour);
        db.Locations.Add(location);
        work.Audit("locations.created", location.Id, command.GroupId);
        return location;
    }
}
