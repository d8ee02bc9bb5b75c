using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Idempotency;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// Makes the address under which a calendar program reads the caller's calendar. An earlier one ends. It is told once:
/// only its hash is kept. The member gets an email. As long as theirs is not confirmed, someone else may know the
/// password, and there is no feed.
/// </summary>
public sealed record CreateCalendarFeed(Guid GroupId, OptionalBody<CalendarFeedInput> Body)
    : Message,
        ICommand<NewCalendarFeed>;

/// <param name="OwnOnly">Whether the feed leaves out other practitioners' appointments.</param>
public sealed record CalendarFeedInput(bool OwnOnly = false);

public sealed record NewCalendarFeed(string Url);

internal sealed class CalendarFeedInputValidator : AbstractValidator<CalendarFeedInput>;

internal sealed class CreateCalendarFeedEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/me/calendar-feed", Post)
            .RequireMember()
            .RequirePerson()
            .RequireVerified()
            .WithoutIdempotency()
            .WithOperationId<CreateCalendarFeed>("OpenCalendarFeed")
            .WithTags("Calendar feed")
            .Produces<NewCalendarFeed>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(
        Guid groupId,
        OptionalBody<CalendarFeedInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new CreateCalendarFeed(groupId, body), ct)).ToHttp(Results.Ok);
}

public static class CreateCalendarFeedHandler
{
    public static async Task<ErrorOr<NewCalendarFeed>> Handle(
        CreateCalendarFeed command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PublicUrlOptions> publicUrl,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.ReadOr(new()) is var read && read.IsError)
            return read.Errors;

        var (groupId, me) = (command.GroupId, work.Caller.Person);
        if (!(await bus.GetAccountAsync(me, ct)).EmailConfirmed)
            return PortalErrors.EmailNotConfirmed;
        var practice = (await bus.GetGroupAsync(groupId, ct)).Name;
        var token = RandomToken.New();
        await db.Database.ExecuteSqlAsync(
            $"""
            select authority.open_calendar_feed(
                {AuthorizationRequest.Hash(token)}, {me}, {groupId}, {read.Value.OwnOnly})
            """,
            ct
        );
        if (await work.AuthorizeAgainAsync(ct) is { } ended)
            return ended; // the membership ended at this moment, and there is no feed
        await db.FeedPatients.Where(shown => shown.GroupId == groupId && shown.MemberId == me).ExecuteDeleteAsync(ct);
        work.Audit(PortalAudit.CalendarFeedOpened, me, groupId, new { read.Value.OwnOnly });
        await messages.PublishAsync(new CalendarFeedOpened(groupId, practice, me));
        return new NewCalendarFeed(publicUrl.Value.UrlOf($"/api/groups/{groupId}/calendar-feeds/{token}.ics"));
    }
}
