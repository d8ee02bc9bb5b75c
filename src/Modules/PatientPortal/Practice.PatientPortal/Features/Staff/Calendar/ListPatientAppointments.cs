using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>A patient's appointments, last booked first.</summary>
public sealed record ListPatientAppointments(Guid GroupId, Guid PatientId, Paging Paging)
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
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListPatientAppointments(groupId, patientId, paging), ct)).ToHttp(Results.Ok);
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
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;

        var appointments = db.VisibleToCaller(
            db.Appointments.AsNoTracking()
                .Where(appointment => appointment.GroupId == command.GroupId && appointment.PatientId == patient.Id)
        );
        if (after.Value is { } last)
            appointments = appointments.Where(appointment => appointment.Id < last);
        var rows = await appointments
            .OrderByDescending(appointment => appointment.Id)
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.AppointmentsOpened,
            patient,
            AccessLogAction.Appointments,
            clock.GetUtcNow(),
            subjectId: null,
            ct
        );
        return command.Paging.Page(rows, row => AppointmentView.Of(row, patient, work.Caller), row => [row.Id]);
    }
}
