using FluentValidation;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>
/// Books an appointment for a patient with the caller, or with any active practitioner for callers who see others'
/// calendars. The answer's header <c>Overlapping-Appointments</c> names the practitioner's other appointments at that
/// time.
/// </summary>
public sealed record BookAppointment(Guid GroupId, Guid PatientId, Body<NewAppointment> Body)
    : Message,
        ICommand<AppointmentBooked>;

/// <param name="Overlaps">Appointments of the same practitioner at the same time.</param>
public sealed record AppointmentBooked(Guid Id, IReadOnlyList<Guid> Overlaps);

public sealed record NewAppointment(
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    Guid? PractitionerId,
    Guid? LocationId,
    string? Reason
);

internal sealed class NewAppointmentValidator : AbstractValidator<NewAppointment>
{
    public NewAppointmentValidator()
    {
        RuleFor(appointment => appointment.StartsAt).Required().PlausibleTime();
        RuleFor(appointment => appointment.EndsAt)
            .Required()
            .Must(
                (appointment, ends) =>
                    appointment.StartsAt is not { } starts || ends is null || Booking.IsLength(starts, ends.Value)
            )
            .WithMessage("The end must be after the start, and within 24 hours.");
        RuleFor(appointment => appointment.PractitionerId).Required();
        RuleFor(appointment => appointment.LocationId).Required();
        RuleFor(appointment => appointment.Reason).OptionalMultilineText(500);
    }
}

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
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Body<NewAppointment> body,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new BookAppointment(groupId, patientId, body), ct)).ToHttp(booked =>
        {
            if (booked.Overlaps.Count > 0)
                http.Response.Headers[ResponseHeaders.OverlappingAppointments] = string.Join(", ", booked.Overlaps);
            return Results.Created(
                $"/api/groups/{groupId}/patients/{patientId}/appointments",
                new NewResource(booked.Id)
            );
        });
}

public static class BookAppointmentHandler
{
    public static async Task<ErrorOr<AppointmentBooked>> Handle(
        BookAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var booking = command.Body.Read().Then(BookingOf);
        var facts = booking.IsError
            ? BookingFacts.None
            : await bus.FindBookingFactsAsync(command.GroupId, booking.Value, ct);

        if (await db.LockPatientForAddingAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        var booked = booking.Then(b => b.Book(patient, work.Caller, facts, clock.GetUtcNow()));
        if (booked.IsError)
            return booked.Errors;

        var appointment = booked.Value;
        db.Appointments.Add(appointment);
        work.Audit(
            PortalAudit.AppointmentBooked,
            appointment.Id,
            command.GroupId,
            new
            {
                PatientId = patient.Id,
                appointment.PractitionerId,
                appointment.LocationId,
            }
        );
        return new AppointmentBooked(appointment.Id, await db.FindOverlapsAsync(appointment, ct));
    }

    private static Booking BookingOf(NewAppointment input) =>
        new(
            input.PractitionerId!.Value,
            input.LocationId!.Value,
            input.StartsAt!.Value,
            input.EndsAt!.Value,
            input.Reason.NullIfBlank()
        );
}
