using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>Whether the caller has a calendar feed. Its address was told once, and is not known any more.</summary>
internal sealed class ReadCalendarFeedEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/members/me/calendar-feed", Get)
            .RequireMember()
            .RequirePerson()
            .WithName("ReadCalendarFeed")
            .WithTags("Calendar feed")
            .Produces<CalendarFeedView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid groupId, PatientPortalDbContext db, CancellationToken ct)
    {
        var feeds = await db
            .Database.SqlQuery<CalendarFeedView>(
                $"""
                select created_at, own_only
                from authority.calendar_feed_of(authority.current_user_id(), {groupId})
                """
            )
            .ToListAsync(ct);
        return feeds is [var feed] ? Results.Ok(feed) : CommonErrors.NotFound.ToProblem();
    }
}

internal sealed record CalendarFeedView(DateTimeOffset CreatedAt, bool OwnOnly);
