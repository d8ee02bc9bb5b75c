using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// Gives an appointment another time, practitioner, location, room or reason, under the same rules as
/// <see cref="BookAppointment"/>.
/// </summary>
public sealed record MoveAppointment(Guid GroupId, Guid AppointmentId, IfMatch IfMatch, Body<AppointmentInput> Body)
    : Message,
        ICommand<AppointmentMoved>;

/// <param name="Overlaps">Appointments of the practitioner, or in the room, at the same time.</param>
public sealed record AppointmentMoved(IReadOnlyList<Guid> Overlaps);

internal sealed class MoveAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/appointments/{appointmentId:guid}", Put)
            .RequireAccess(Access.None)
            .WithName(nameof(MoveAppointment))
            .WithTags("Calendar")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid appointmentId,
        IfMatch ifMatch,
        Body<AppointmentInput> body,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var answer = await bus.SendAsync(new MoveAppointment(groupId, appointmentId, ifMatch, body), ct);
        OverlapsHeader.WriteTo(http, answer, moved => moved.Overlaps);
        return answer.ToHttp(Results.NoContent);
    }
}

public static class MoveAppointmentHandler
{
    public static async Task<ErrorOr<AppointmentMoved>> Handle(
        MoveAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var read = command.Body.Read().Then(input => input.ToBooking());
        var facts = read.IsError ? BookingFacts.None : await bus.FindBookingFactsAsync(command.GroupId, read.Value, ct);

        // The patient first, as a claim does, which then links the patient's appointments.
        var patientId = await db
            .Appointments.Where(a => a.GroupId == command.GroupId && a.Id == command.AppointmentId)
            .Select(a => (Guid?)a.PatientId)
            .SingleOrDefaultAsync(ct);
        if (
            patientId is not { } of
            || await db.LockPatientForAddingAsync(command.GroupId, of, ct) is not { } patient
            || await db.LockAppointmentAsync(command.GroupId, command.AppointmentId, ct) is not { } appointment
        )
            return CommonErrors.NotFound;
        if (read.IsError)
            return read.Errors;
        if (ETags.Check(command.IfMatch, appointment.Version) is { } stale)
            return stale;
        if (patient.IsArchived)
            return PortalErrors.PatientArchived;

        var (booking, now) = (read.Value, clock.GetUtcNow());
        var (from, reason, status) = (appointment.Slot, appointment.Reason, appointment.Status);
        var moved = booking.Move(appointment, work.Caller, facts, now);
        if (moved.IsError)
            return moved.Errors;
        var overlaps = Overlaps.None;
        if (moved.Value)
        {
            var found = await db.CheckOverlapsAsync(work, appointment, booking.AllowOverlap, ct);
            if (found.IsError)
                return found.Errors;
            overlaps = found.Value;
        }

        if (!work.HasChanged(appointment))
            return new AppointmentMoved(overlaps.Visible);
        work.Audit(
            PortalAudit.AppointmentMoved,
            appointment.Id,
            command.GroupId,
            new
            {
                appointment.PatientId,
                From = from,
                To = appointment.Slot,
                ReasonChanged = reason != appointment.Reason,
                Status = status == appointment.Status ? null : appointment.Status.ToCode(),
                Allowed = moved.Value ? booking.Exceptions(facts.Location!, overlaps, now) : null,
            }
        );
        if (!appointment.Slot.LooksToPatientLike(from) && appointment.EndsAt > now)
            await messages.PublishAsync(AppointmentChanged.Of(appointment, AppointmentUpdate.Moved, now));
        await work.TellWebhooksAsync(appointment.ToEvent(AppointmentStep.Moved));
        return new AppointmentMoved(overlaps.Visible);
    }
}
