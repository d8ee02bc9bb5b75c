using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// How many appointments are still to come with a member or at a location: shown before the member is deactivated or
/// the location archived, which leaves them booked. Who may do that is told the number and the next time, even without
/// access to the calendar.
/// </summary>
public sealed record CountBookedAppointments(Guid GroupId, Guid? PractitionerId, Guid? LocationId)
    : Message,
        ICommand<BookedAppointments>;

/// <param name="NextStartsAt">When the next one starts; null where there is none.</param>
/// <param name="NextTimeZone">The time zone of its location, if it is known.</param>
public sealed record BookedAppointments(int Count, DateTimeOffset? NextStartsAt, string? NextTimeZone);

internal sealed class CountBookedAppointmentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}/booked-appointments", OfMember)
            .RequireAccess(Access.ManageUsers, changes: false)
            .WithName("CountAppointmentsOfMember")
            .WithSummary("How many appointments are still to come with a member, before they are deactivated.")
            .WithTags("Members")
            .Produces<BookedAppointments>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/locations/{locationId:guid}/booked-appointments", AtLocation)
            .RequireAccess(Access.ManageLocations, changes: false)
            .WithName("CountAppointmentsAtLocation")
            .WithSummary("How many appointments are still to come at a location, before it is archived.")
            .WithTags("Locations")
            .Produces<BookedAppointments>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> OfMember(Guid groupId, Guid userId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new CountBookedAppointments(groupId, userId, null), ct)).ToHttp(Results.Ok);

    private static async Task<IResult> AtLocation(
        Guid groupId,
        Guid locationId,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new CountBookedAppointments(groupId, null, locationId), ct)).ToHttp(Results.Ok);
}

public static class CountBookedAppointmentsHandler
{
    public static async Task<ErrorOr<BookedAppointments>> Handle(
        CountBookedAppointments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, practitionerId, locationId) = command;
        if (practitionerId is { } member && await bus.FindMemberAsync(groupId, member, ct) is null)
            return CommonErrors.NotFound;
        if (
            locationId is { } location
            && (
                await bus.FindLocationAsync(groupId, location, ct) is null
                || !WorkLocations.IsInReach(work.Caller, location)
            )
        )
            return CommonErrors.NotFound;

        var now = clock.GetUtcNow();
        using var asSystem = work.ActAsSystemIn(groupId); // also those that the caller does not see
        var booked = db.BookedFrom(groupId, now)
            .AsNoTracking()
            .Where(appointment =>
                (practitionerId == null || appointment.PractitionerId == practitionerId)
                && (locationId == null || appointment.LocationId == locationId)
            );
        var next = await booked.OrderBy(appointment => appointment.StartsAt).FirstOrDefaultAsync(ct);
        return next is null
            ? new BookedAppointments(0, null, null)
            : new BookedAppointments(await booked.CountAsync(ct), next.StartsAt, next.LocationTimeZone);
    }
}
