using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>Cancels a patient's appointment that is not over yet. It stays visible.</summary>
public sealed record CancelAppointment(Guid GroupId, Guid PatientId, Guid AppointmentId) : Message, ICommand<Success>;

internal sealed class CancelAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/groups/{groupId:guid}/patients/{patientId:guid}/appointments/{appointmentId:guid}/cancel",
                Post
            )
            .RequireAccess(Access.None)
            .WithName(nameof(CancelAppointment))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid appointmentId,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new CancelAppointment(groupId, patientId, appointmentId), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class CancelAppointmentHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CancelAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        var locked = db.Appointments.FromSql(
            $"""
            select *, xmin from portal.appointments
            where group_id = {command.GroupId} and patient_id = {patient.Id} and id = {command.AppointmentId} for update
            """
        );
        if (await db.VisibleToCaller(locked).SingleOrDefaultAsync(ct) is not { } appointment)
            return CommonErrors.NotFound;
        if (appointment.Status != AppointmentStatus.Booked || appointment.EndsAt <= clock.GetUtcNow())
            return PortalErrors.AppointmentOver;

        appointment.Cancel();
        work.Audit(PortalAudit.AppointmentCancelled, appointment.Id, command.GroupId, new { PatientId = patient.Id });
        return Result.Success;
    }
}
