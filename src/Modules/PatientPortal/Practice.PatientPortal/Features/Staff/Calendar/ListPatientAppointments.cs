using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// A patient's appointments, last booked first. With <c>upcoming=true</c> only those that are still to be kept, the
/// next one first; with <c>upcoming=false</c> only those that are over or will not take place, the latest first.
/// </summary>
public sealed record ListPatientAppointments(Guid GroupId, Guid PatientId, QueryValue<bool>? Upcoming, Paging Paging)
    : Message,
        ICommand<Page<AppointmentView>>;

internal sealed class ListPatientAppointmentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients/{patientId:guid}/appointments", Get)
            .RequireMember()
            .WithName(nameof(ListPatientAppointments))
            .WithTags("Patients")
            .Produces<Page<AppointmentView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        QueryValue<bool>? upcoming,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ListPatientAppointments(groupId, patientId, upcoming, paging), ct)).ToHttp(Results.Ok);
}

public static class ListPatientAppointmentsHandler
{
    public static async Task<ErrorOr<Page<AppointmentView>>> Handle(
        ListPatientAppointments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (QueryText.YesOrNoIfSent("upcoming", command.Upcoming) is var upcoming && upcoming.IsError)
            return upcoming.Errors;

        var (paging, now) = (command.Paging, clock.GetUtcNow());
        var appointments = db.VisibleToCaller(
            db.Appointments.AsNoTracking()
                .Where(appointment => appointment.GroupId == command.GroupId && appointment.PatientId == patient.Id)
        );
        var page = upcoming.Value switch
        {
            true => NextFirst(appointments.Upcoming(now), paging),
            false => LatestFirst(appointments.NotUpcoming(now), paging),
            null => LastBookedFirst(appointments, paging),
        };
        if (page.IsError)
            return page.Errors;
        var rows = await page.Value.Take(paging.Limit + 1).ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.AppointmentsOpened,
            patient,
            AccessLogAction.Appointments,
            now,
            subjectId: null,
            ct
        );
        return paging.Page(
            rows,
            row => AppointmentView.Of(row, patient, work.Caller),
            row => upcoming.Value is null ? [row.Id] : [row.StartsAt, row.Id]
        );
    }

    private static ErrorOr<IQueryable<Appointment>> LastBookedFirst(IQueryable<Appointment> all, Paging paging) =>
        paging
            .AfterId()
            .Then(
                IQueryable<Appointment> (after) =>
                    (after is { } last ? all.Where(appointment => appointment.Id < last) : all).OrderByDescending(
                        appointment => appointment.Id
                    )
            );

    private static ErrorOr<IQueryable<Appointment>> NextFirst(IQueryable<Appointment> all, Paging paging) =>
        paging
            .AfterMomentAndId()
            .Then(
                IQueryable<Appointment> (after) =>
                    all.LaterThan(after)
                        .OrderBy(appointment => appointment.StartsAt)
                        .ThenBy(appointment => appointment.Id)
            );

    private static ErrorOr<IQueryable<Appointment>> LatestFirst(IQueryable<Appointment> all, Paging paging) =>
        paging
            .AfterMomentAndId()
            .Then(
                IQueryable<Appointment> (after) =>
                    all.EarlierThan(after)
                        .OrderByDescending(appointment => appointment.StartsAt)
                        .ThenByDescending(appointment => appointment.Id)
            );
}
