using FluentValidation;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>
/// Books an appointment for a patient: with oneself, or where one sees others' calendars with any active practitioner. The answer's
/// header <c>Overlapping-Appointments</c> names those of the same practitioner at the same time.
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
        RuleFor(appointment => appointment.StartsAt).Required().Moment();
        RuleFor(appointment => appointment.EndsAt)
            .Required()
            .Must(
                (appointment, ends) =>
                    appointment.StartsAt is not { } starts || ends is null || Booking.IsLength(starts, ends.Value)
            )
            .WithMessage("After it starts, and within 24 hours.");
        RuleFor(appointment => appointment.PractitionerId).Required();
        RuleFor(appointment => appointment.LocationId).Required();
        RuleFor(appointment => appointment.Reason).OptionalText(500);
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
            http.TellOverlaps(booked.Overlaps);
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
        if (await db.HoldPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var input = read.Value;
        var booking = new Booking(
            input.PractitionerId!.Value,
            input.LocationId!.Value,
            input.StartsAt!.Value,
            input.EndsAt!.Value,
            string.IsNullOrWhiteSpace(input.Reason) ? null : input.Reason.Trim()
        );
        var made = await booking.MakeAsync(patient, work.Caller, bus, clock.GetUtcNow(), ct);
        if (made.IsError)
            return made.Errors;
        db.Appointments.Add(made.Value);
        work.Audit(
            PortalAudit.AppointmentBooked,
            made.Value.Id,
            command.GroupId,
            new
            {
                PatientId = patient.Id,
                booking.PractitionerId,
                booking.LocationId,
            }
        );
        return new AppointmentBooked(made.Value.Id, await db.FindOverlapsAsync(made.Value, ct));
    }
}
