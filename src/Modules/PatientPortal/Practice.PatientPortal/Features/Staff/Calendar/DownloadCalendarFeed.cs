using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// A member's calendar as a calendar program reads it (RFC 5545): the appointments of the last month and the coming
/// year that the member may see at this moment. The secret in the address is all that is asked for.
/// </summary>
public sealed record DownloadCalendarFeed(Guid GroupId) : Message, ICommand<CalendarFeed>;

public sealed record CalendarFeed(string Text);

internal sealed class DownloadCalendarFeedEndpoint : ICarterModule
{
    private const string ContentType = "text/calendar; charset=utf-8";

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/calendar-feeds/{token}.ics", Get)
            .RequireCalendarFeed()
            .WithOperationId<DownloadCalendarFeed>("ShowCalendarFeed")
            .WithTags("Calendar feed")
            .Produces<string>(StatusCodes.Status200OK, "text/calendar");

    private static async Task<IResult> Get(Guid groupId, string token, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new DownloadCalendarFeed(groupId), ct)).ToHttp(feed =>
            Results.Text(feed.Text, ContentType)
        );
}

public static class DownloadCalendarFeedHandler
{
    private const int MaxAppointments = 5_000;
    private static readonly TimeSpan Back = TimeSpan.FromDays(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(366);

    public static async Task<ErrorOr<CalendarFeed>> Handle(
        DownloadCalendarFeed command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, now) = (command.GroupId, clock.GetUtcNow());
        var group = await bus.GetGroupAsync(groupId, ct);
        var seen = db.VisibleToCaller(
            db.Appointments.AsNoTracking()
                .Where(appointment =>
                    appointment.GroupId == groupId && appointment.Status != AppointmentStatus.Cancelled
                )
        );
        // What is coming matters more than what was.
        var (first, last) = (now - Back, now + Ahead);
        var rows = await WithPatients(
                seen.Where(appointment => appointment.StartsAt >= now && appointment.StartsAt < last)
            )
            .OrderBy(row => row.Appointment.StartsAt)
            .ThenBy(row => row.Appointment.Id)
            .Take(MaxAppointments)
            .ToListAsync(ct);
        rows.AddRange(
            await WithPatients(seen.Where(appointment => appointment.StartsAt >= first && appointment.StartsAt < now))
                .OrderByDescending(row => row.Appointment.StartsAt)
                .ThenBy(row => row.Appointment.Id)
                .Take(MaxAppointments - rows.Count)
                .ToListAsync(ct)
        );

        // A program reads every hour. A patient is told of it once: when they first appear, or first have an account.
        var shown = rows.Select(row => row.Patient)
            .Where(patient => patient.AccountId is not null)
            .DistinctBy(patient => patient.Id)
            .ToDictionary(patient => patient.Id);
        var appeared = await db.AddFeedPatientsAsync(groupId, work.Caller.Person, shown.Keys, ct);
        if (appeared.Count > 0)
            await AccessLogging.RecordAsync(
                db,
                work,
                bus,
                PortalAudit.CalendarFeedRead,
                groupId,
                appeared.Select(id => shown[id]),
                AccessLogAction.Appointments,
                now,
                ct
            );

        var calendar = new AppointmentCalendar(group.Name, options.Value.TimeZone, now);
        foreach (var row in rows)
            calendar.Add(row.Appointment, row.Patient.NameFor(work.Caller) ?? row.Patient.Code);
        return new CalendarFeed(calendar.ToString());

        IQueryable<Shown> WithPatients(IQueryable<Appointment> appointments) =>
            appointments.Join(
                db.VisiblePatients(groupId).AsNoTracking(),
                appointment => appointment.PatientId,
                patient => patient.Id,
                (appointment, patient) => new Shown { Appointment = appointment, Patient = patient }
            );
    }

    private sealed class Shown
    {
        public required Appointment Appointment { get; init; }
        public required Patient Patient { get; init; }
    }
}
