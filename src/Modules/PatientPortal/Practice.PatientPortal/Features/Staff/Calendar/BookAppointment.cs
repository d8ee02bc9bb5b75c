using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// Books an appointment for a patient with the caller, or with any active practitioner for callers who see others'
/// calendars. One that overlaps another is booked only where that is allowed; the header
/// <c>Overlapping-Appointments</c> then names the others, as far as the caller sees them.
/// </summary>
public sealed record BookAppointment(Guid GroupId, Guid PatientId, Body<AppointmentInput> Body)
    : Message,
        ICommand<AppointmentBooked>;

/// <param name="Overlaps">Appointments of the practitioner, or in the room, at the same time.</param>
public sealed record AppointmentBooked(Guid Id, IReadOnlyList<Guid> Overlaps);

internal sealed class BookAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/appointments", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(BookAppointment))
            .WithTags("Patients")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Body<AppointmentInput> body,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var answer = await bus.SendAsync(new BookAppointment(groupId, patientId, body), ct);
        OverlapsHeader.WriteTo(http, answer, booked => booked.Overlaps);
        return answer.ToHttp(booked =>
            Results.Created($"/api/groups/{groupId}/appointments/{booked.Id}", new NewResource(booked.Id))
        );
    }
}

public static class BookAppointmentHandler
{
    public static async Task<ErrorOr<AppointmentBooked>> Handle(
        BookAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var booking = command.Body.Read().Then(input => input.ToBooking());
        var facts = booking.IsError
            ? BookingFacts.None
            : await bus.FindBookingFactsAsync(command.GroupId, booking.Value, ct);

        if (await db.LockPatientForAddingAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        var now = clock.GetUtcNow();
        var booked = booking.Then(b => b.Book(patient, work.Caller, facts, now));
        if (booked.IsError)
            return booked.Errors;

        var appointment = booked.Value;
        db.Appointments.Add(appointment);
        var overlaps = await db.CheckOverlapsAsync(work, appointment, booking.Value.AllowOverlap, ct);
        if (overlaps.IsError)
            return overlaps.Errors;
        work.Audit(
            PortalAudit.AppointmentBooked,
            appointment.Id,
            command.GroupId,
            new
            {
                PatientId = patient.Id,
                appointment.PractitionerId,
                appointment.LocationId,
                Allowed = booking.Value.Exceptions(facts.Location!, overlaps.Value, now),
            }
        );
        if (appointment.StartsAt > now)
            await messages.PublishAsync(AppointmentChanged.Of(appointment, AppointmentUpdate.Booked, now));
        await work.TellWebhooksAsync(appointment.ToEvent(AppointmentStep.Booked));
        return new AppointmentBooked(appointment.Id, overlaps.Value.Visible);
    }
}
