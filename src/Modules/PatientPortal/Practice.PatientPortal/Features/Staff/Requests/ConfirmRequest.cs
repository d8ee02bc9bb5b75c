using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Requests;

/// <summary>
/// Confirms a request from the portal: books the requested appointment, or marks a health note as seen. The answer's
/// header <c>Overlapping-Appointments</c> names the practitioner's other appointments at that time.
/// </summary>
public sealed record ConfirmRequest(Guid GroupId, Guid RequestId, OptionalBody<Confirmation> Body)
    : Message,
        ICommand<RequestConfirmed>;

/// <param name="Overlaps">Appointments of the same practitioner at the same time.</param>
public sealed record RequestConfirmed(IReadOnlyList<Guid> Overlaps);

/// <summary>The appointment; what is left out is as it was asked for, and half an hour long.</summary>
public sealed record Confirmation(
    Guid? PractitionerId,
    Guid? LocationId,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt
);

internal sealed class ConfirmationValidator : AbstractValidator<Confirmation>
{
    public ConfirmationValidator()
    {
        RuleFor(confirmation => confirmation.StartsAt).PlausibleTime();
        RuleFor(confirmation => confirmation.EndsAt)
            .PlausibleTime()
            .Must(
                (confirmation, ends) =>
                    confirmation.StartsAt is not { } starts || ends is null || Booking.IsLength(starts, ends.Value)
            )
            .WithMessage("The end must be after the start, and within 24 hours.");
    }
}

internal sealed class ConfirmRequestEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/requests/{requestId:guid}/confirm", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(ConfirmRequest))
            .WithTags("Requests from the portal")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid requestId,
        OptionalBody<Confirmation> body,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ConfirmRequest(groupId, requestId, body), ct)).ToHttp(confirmed =>
        {
            if (confirmed.Overlaps.Count > 0)
                http.Response.Headers[ResponseHeaders.OverlappingAppointments] = string.Join(", ", confirmed.Overlaps);
            return Results.NoContent();
        });
}

public static class ConfirmRequestHandler
{
    private static readonly TimeSpan UsualLength = TimeSpan.FromMinutes(30);

    public static async Task<ErrorOr<RequestConfirmed>> Handle(
        ConfirmRequest command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var read = command.Body.ReadOr(new(null, null, null, null));
        var member = (await bus.FindMemberAsync(command.GroupId, work.Caller.Person, ct))!;
        // What a request asks for, and for whom, never changes, so that it can be read before the lock.
        if (
            await db.VisibleToCaller(db.Requests.AsNoTracking(), member.Practitioner)
                .SingleOrDefaultAsync(r => r.GroupId == command.GroupId && r.Id == command.RequestId, ct)
            is not { } sent
        )
            return CommonErrors.NotFound;
        var booking = read.IsError ? null : BookingOf(sent, read.Value);
        var facts = booking is null ? BookingFacts.None : await bus.FindBookingFactsAsync(command.GroupId, booking, ct);

        // The patient first, as a claim does, which then links the patient's requests.
        if (
            await db.LockPatientForAddingAsync(command.GroupId, sent.PatientId, ct) is not { } patient
            || await db.LockRequestAsync(command.GroupId, command.RequestId, member.Practitioner, ct) is not { } request
        )
            return CommonErrors.NotFound;

        if (read.IsError)
            return read.Errors;
        if (request.Status != RequestStatus.Open)
            return PortalErrors.RequestNotOpen;

        var now = clock.GetUtcNow();
        Appointment? appointment = null;
        if (request.Kind == RequestKind.Appointment)
        {
            if (booking is null)
                return PortalErrors.AppointmentIncomplete;
            var booked = booking.Book(patient, work.Caller, facts, now);
            if (booked.IsError)
                return booked.Errors;
            db.Appointments.Add(appointment = booked.Value);
        }

        request.Confirm(appointment?.Id, now);
        work.Audit(
            PortalAudit.RequestConfirmed,
            request.Id,
            command.GroupId,
            new
            {
                request.PatientId,
                request.Kind,
                request.AppointmentId,
            }
        );
        return new RequestConfirmed(appointment is null ? [] : await db.FindOverlapsAsync(appointment, ct));
    }

    /// <summary>The appointment that the request and the confirmation ask for; null where they leave it open.</summary>
    private static Booking? BookingOf(PortalRequest request, Confirmation input) =>
        request.Kind == RequestKind.Appointment
        && (input.PractitionerId ?? request.PractitionerId) is { } practitionerId
        && (input.LocationId ?? request.LocationId) is { } locationId
        && (input.StartsAt ?? request.StartsAt) is { } startsAt
            ? new Booking(practitionerId, locationId, startsAt, input.EndsAt ?? startsAt + UsualLength, request.Text)
            : null;
}
