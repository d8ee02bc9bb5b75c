using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// When a practitioner can be booked at a location: within its opening hours, without what is booked, from now on.
/// Without <c>from</c> the period begins now, without <c>to</c> it is a week; slots last half an hour or
/// <c>minutes</c>.
/// </summary>
public sealed record ListFreeSlots(
    Guid GroupId,
    QueryValue<Guid>? PractitionerId,
    QueryValue<Guid>? LocationId,
    QueryValue<DateTimeOffset>? From,
    QueryValue<DateTimeOffset>? To,
    QueryValue<int>? Minutes
) : Message, ICommand<FreeSlots>;

/// <param name="TimeZone">The location's, in which the slots lie within its opening hours.</param>
/// <param name="HoursKnown">Whether anyone has entered opening hours; without them there are no slots.</param>
public sealed record FreeSlots(string TimeZone, bool HoursKnown, IReadOnlyList<FreeSlot> Items);

public sealed record FreeSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

internal sealed class ListFreeSlotsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/free-slots", Get)
            .RequireMember()
            .WithName(nameof(ListFreeSlots))
            .WithTags("Calendar")
            .Produces<FreeSlots>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Get(
        Guid groupId,
        QueryValue<Guid>? practitionerId,
        QueryValue<Guid>? locationId,
        QueryValue<DateTimeOffset>? from,
        QueryValue<DateTimeOffset>? to,
        QueryValue<int>? minutes,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ListFreeSlots(groupId, practitionerId, locationId, from, to, minutes), ct)).ToHttp(
            Results.Ok
        );
}

public static class ListFreeSlotsHandler
{
    private const int Usual = 30,
        MinMinutes = 5;
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(31);

    public static async Task<ErrorOr<FreeSlots>> Handle(
        ListFreeSlots command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, now) = (command.GroupId, clock.GetUtcNow());
        var with = QueryText.Id("practitionerId", command.PractitionerId);
        var at = QueryText.Id("locationId", command.LocationId);
        var begin = QueryText.Moment("from", command.From);
        var end = QueryText.Moment("to", command.To);
        var length = LengthOf(command.Minutes);
        List<Error> wrong =
        [
            .. with.ErrorsOrEmptyList,
            .. at.ErrorsOrEmptyList,
            .. begin.ErrorsOrEmptyList,
            .. end.ErrorsOrEmptyList,
            .. length.ErrorsOrEmptyList,
        ];
        if (!with.IsError && with.Value is null)
            wrong.Add(ApiError.InvalidField("practitionerId", "Say whose free time you look for."));
        if (!at.IsError && at.Value is null)
            wrong.Add(ApiError.InvalidField("locationId", "Say at which location."));
        if (wrong.Count > 0)
            return wrong;
        if (CalendarPeriod.Of(begin.Value ?? now, end.Value, MaxPeriod) is var period && period.IsError)
            return period.Errors;

        var (first, until) = period.Value;
        var (practitionerId, locationId) = (with.Value!.Value, at.Value!.Value);
        if (practitionerId != work.Caller.Person && !work.Caller.May(Access.OthersCalendars))
            return AuthorizationErrors.NotAllowed;
        if (
            await bus.FindMemberAsync(groupId, practitionerId, ct)
            is not { Active: true, Practitioner: true } practitioner
        )
            return PortalErrors.UnknownPractitioner;
        var found = WorkLocations.ForWork(
            work.Caller,
            locationId,
            await bus.FindLocationAsync(groupId, locationId, ct)
        );
        if (found.IsError)
            return found.Errors;
        var location = found.Value;
        if (!practitioner.LocationIds.Contains(locationId))
            return PortalErrors.PractitionerNotThere;

        var within = new Period(first > now ? first : now, until);
        var open = within.EndsAt > within.StartsAt ? OpeningTimes.Of(location, within.StartsAt, within.EndsAt) : [];
        using var asSystem = work.ActAsSystemIn(groupId); // also those elsewhere, which the caller may not see
        var booked = await db.TakingUpTime(groupId, within.StartsAt, within.EndsAt)
            .Where(appointment => appointment.PractitionerId == practitionerId)
            .OrderBy(appointment => appointment.StartsAt)
            .Select(appointment => new Period(appointment.StartsAt, appointment.EndsAt))
            .ToListAsync(ct);
        return new FreeSlots(
            location.TimeZone,
            location.Hours is not null,
            [
                .. OpeningTimes
                    .Free(open, booked, within, length.Value)
                    .Select(slot => new FreeSlot(slot.StartsAt.ToUniversalTime(), slot.EndsAt.ToUniversalTime())),
            ]
        );
    }

    private static ErrorOr<TimeSpan> LengthOf(QueryValue<int>? minutes) =>
        minutes?.Sent is not { } sent ? TimeSpan.FromMinutes(Usual)
        : int.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= MinMinutes
        && TimeSpan.FromMinutes(number) <= Booking.MaxDuration
            ? TimeSpan.FromMinutes(number)
        : ApiError.InvalidField(
            "minutes",
            string.Create(
                CultureInfo.InvariantCulture,
                $"A whole number from {MinMinutes} to {Booking.MaxDuration.TotalMinutes}."
            )
        );
}
