using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>One appointment, with the version that moving it asks for.</summary>
public sealed record ReadAppointment(Guid GroupId, Guid AppointmentId) : Message, ICommand<AppointmentRead>;

public sealed record AppointmentRead(AppointmentView Appointment, uint Version);

internal sealed class ReadAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/appointments/{appointmentId:guid}", Get)
            .RequireMember()
            .WithName(nameof(ReadAppointment))
            .WithTags("Calendar")
            .Produces<AppointmentView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid appointmentId,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ReadAppointment(groupId, appointmentId), ct)).ToHttp(read =>
            ETags.Ok(http, read.Appointment, read.Version)
        );
}

public static class ReadAppointmentHandler
{
    public static async Task<ErrorOr<AppointmentRead>> Handle(
        ReadAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var found = await db.VisibleToCaller(
                db.Appointments.AsNoTracking()
                    .Where(appointment =>
                        appointment.GroupId == command.GroupId && appointment.Id == command.AppointmentId
                    )
            )
            .Join(
                db.VisiblePatients(command.GroupId).AsNoTracking(),
                appointment => appointment.PatientId,
                patient => patient.Id,
                (appointment, patient) => new { Appointment = appointment, Patient = patient }
            )
            .SingleOrDefaultAsync(ct);
        if (found is null)
            return CommonErrors.NotFound;

        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.AppointmentOpened,
            found.Patient,
            AccessLogAction.Appointments,
            clock.GetUtcNow(),
            found.Appointment.Id,
            ct
        );
        return new AppointmentRead(
            AppointmentView.Of(found.Appointment, found.Patient, work.Caller),
            found.Appointment.Version
        );
    }
}
