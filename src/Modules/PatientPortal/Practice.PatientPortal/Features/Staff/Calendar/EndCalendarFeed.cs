using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>Ends the caller's calendar feed: from now on its address answers 410.</summary>
public sealed record EndCalendarFeed(Guid GroupId) : Message, ICommand<Success>;

internal sealed class EndCalendarFeedEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/groups/{groupId:guid}/members/me/calendar-feed", Delete)
            .RequireMember()
            .RequirePerson()
            .WithName(nameof(EndCalendarFeed))
            .WithTags("Calendar feed")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Delete(Guid groupId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new EndCalendarFeed(groupId), ct)).ToHttp(Results.NoContent);
}

public static class EndCalendarFeedHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        EndCalendarFeed command,
        PatientPortalDbContext db,
        UnitOfWork work,
        CancellationToken ct
    )
    {
        var (groupId, me) = (command.GroupId, work.Caller.Person);
        var ended = await db
            .Database.SqlQuery<bool>($"select authority.end_calendar_feed({me}, {groupId}) as \"Value\"")
            .ToListAsync(ct);
        if (ended is not [true])
            return CommonErrors.NotFound;
        work.Audit(PortalAudit.CalendarFeedEnded, me, groupId);
        return Result.Success;
    }
}
