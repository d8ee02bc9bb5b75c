using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// The calendar: appointments in a period, by practitioner and location. One that is under way as the period begins is
/// in it. Without <c>from</c> the period begins today, without <c>to</c> it is a week.
/// </summary>
public sealed record ListAppointments(
    Guid GroupId,
    QueryValue<DateTimeOffset>? From,
    QueryValue<DateTimeOffset>? To,
    QueryValue<Guid>? PractitionerId,
    QueryValue<Guid>? LocationId,
    Paging Paging
) : Message, ICommand<Page<AppointmentView>>;

internal sealed class ListAppointmentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/appointments", Get)
            .RequireMember()
            .WithName(nameof(ListAppointments))
            .WithTags("Calendar")
            .Produces<Page<AppointmentView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        QueryValue<DateTimeOffset>? from,
        QueryValue<DateTimeOffset>? to,
        QueryValue<Guid>? practitionerId,
        QueryValue<Guid>? locationId,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ListAppointments(groupId, from, to, practitionerId, locationId, paging), ct)).ToHttp(
            Results.Ok
        );
}

public static class ListAppointmentsHandler
{
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(62);

    public static async Task<ErrorOr<Page<AppointmentView>>> Handle(
        ListAppointments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, from, to, practitionerId, locationId, paging) = command;
        var (after, now) = (paging.AfterMomentAndId(), clock.GetUtcNow());
        var begin = QueryText.Moment(nameof(from), from);
        var end = QueryText.Moment(nameof(to), to);
        var with = QueryText.Id(nameof(practitionerId), practitionerId);
        var at = QueryText.Id(nameof(locationId), locationId);
        List<Error> wrong =
        [
            .. after.ErrorsOrEmptyList,
            .. begin.ErrorsOrEmptyList,
            .. end.ErrorsOrEmptyList,
            .. with.ErrorsOrEmptyList,
            .. at.ErrorsOrEmptyList,
        ];
        if (wrong.Count > 0)
            return wrong;
        var zone = options.Value.TimeZone;
        var today = PortalDays.BeginningOf(PortalDays.Today(now, zone), zone);
        if (CalendarPeriod.Of(begin.Value ?? today, end.Value, MaxPeriod) is var period && period.IsError)
            return period.Errors;

        var (first, until) = period.Value;
        var earliest = first - Appointment.MaxDurationEver; // where the index ends the search
        var appointments = db.VisibleToCaller(
            db.Appointments.AsNoTracking()
                .Where(appointment =>
                    appointment.GroupId == groupId
                    && appointment.StartsAt > earliest
                    && appointment.StartsAt < until
                    && appointment.EndsAt > first
                )
        );
        if (with.Value is { } person)
            appointments = appointments.Where(appointment => appointment.PractitionerId == person);
        if (at.Value is { } location)
            appointments = appointments.Where(appointment => appointment.LocationId == location);

        var rows = await appointments
            .LaterThan(after.Value)
            .Join(
                db.VisiblePatients(groupId).AsNoTracking(),
                appointment => appointment.PatientId,
                patient => patient.Id,
                (appointment, patient) => new { Appointment = appointment, Patient = patient }
            )
            .OrderBy(row => row.Appointment.StartsAt)
            .ThenBy(row => row.Appointment.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.CalendarOpened,
            groupId,
            rows.Take(paging.Limit).Select(row => row.Patient),
            AccessLogAction.Appointments,
            now,
            ct
        );
        return paging.Page(
            rows,
            row => AppointmentView.Of(row.Appointment, row.Patient, work.Caller),
            row => [row.Appointment.StartsAt, row.Appointment.Id]
        );
    }
}
