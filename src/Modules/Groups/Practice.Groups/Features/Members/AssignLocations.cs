using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>Sets the locations of one member.</summary>
public sealed record AssignLocations(Guid GroupId, Guid UserId, IfMatch IfMatch, Body<MemberLocations> Body)
    : Message,
        ICommand<Success>;

public sealed record MemberLocations(IReadOnlyList<Guid>? LocationIds);

internal sealed class MemberLocationsValidator : AbstractValidator<MemberLocations>
{
    public MemberLocationsValidator() => RuleFor(member => member.LocationIds).Locations();
}

internal sealed class AssignLocationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/groups/{groupId:guid}/members/{userId:guid}/locations", Put)
            .RequireAccess(Access.ManageLocations)
            .RequirePerson()
            .WithName(nameof(AssignLocations))
            .WithTags("Assignments")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}/locations", Get)
            .RequireMember()
            .WithName("ReadMemberLocations")
            .WithSummary("The locations of one member, with the version that changing them asks for.")
            .WithTags("Assignments")
            .Produces<MemberLocations>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Put(
        Guid groupId,
        Guid userId,
        IfMatch ifMatch,
        Body<MemberLocations> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AssignLocations(groupId, userId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );

    private static async Task<IResult> Get(
        Guid groupId,
        Guid userId,
        GroupsDbContext db,
        HttpContext http,
        CancellationToken ct
    ) =>
        await db.Memberships.AsNoTracking().SingleOrDefaultAsync(m => m.GroupId == groupId && m.UserId == userId, ct)
            is { } member
            ? ETags.Ok(http, new MemberLocations(member.LocationIds), member.Version)
            : CommonErrors.NotFound.ToProblem();
}

public static class AssignLocationsHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        AssignLocations command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        // Asked before the lock, about all locations of the body: which are new to the member is known only under it.
        var read = command.Body.Read();
        var locations = read.IsError
            ? KnownLocations.None
            : await bus.FindLocationsAsync(command.GroupId, read.Value.LocationIds!, ct);
        var confirmed = await db.FindConfirmedAsync(bus, command.GroupId, [command.UserId], ct);

        var locked = await db.GetMemberForUpdateAsync(
            command.GroupId,
            command.UserId,
            work.Caller,
            Access.ManageLocations,
            ct
        );
        if (locked.IsError)
            return locked.Errors;
        if (read.IsError)
            return read.Errors;
        var (group, actor, member) = locked.Value;
        if (ETags.Check(command.IfMatch, member.Version) is { } stale)
            return stale;

        var changes = new MemberChanges(db, work, messages, clock.GetUtcNow());
        var done = await changes.AssignAsync(group, actor, member, read.Value.LocationIds!, locations, confirmed, ct);
        return done.IsError ? done.Errors : Result.Success;
    }
}
