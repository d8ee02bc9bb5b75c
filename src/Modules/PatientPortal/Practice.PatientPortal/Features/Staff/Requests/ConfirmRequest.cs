using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Requests;

/// <summary>
/// Confirms a request from the portal: books the requested appointment, under the same rules as
/// <c>BookAppointment</c>, or marks a health note as seen.
/// </summary>
public sealed record ConfirmRequest(Guid GroupId, Guid RequestId, OptionalBody<Confirmation> Body)
    : Message,
        ICommand<RequestConfirmed>;

/// <param name="Overlaps">Appointments of the practitioner, or in the room, at the same time.</param>
public sealed record RequestConfirmed(IReadOnlyList<Guid> Overlaps);

/// <summary>The appointment; what is left out is as it was asked for, and half an hour long.</summary>
public sealed record Confirmation(
    Guid? PractitionerId,
    Guid? LocationId,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    string? Room = null,
    bool AllowOverlap = false,
    bool AllowOutsideHours = false
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
            .WithMessage(Booking.LengthRule);
        RuleFor(confirmation => confirmation.Room).OptionalText(AppointmentInput.MaxRoomLength);
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
    )
    {
        var answer = await bus.SendAsync(new ConfirmRequest(groupId, requestId, body), ct);
        OverlapsHeader.WriteTo(http, answer, confirmed => confirmed.Overlaps);
        return answer.ToHttp(Results.NoContent);
    }
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
        IMessageContext messages,
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
        var overlaps = Overlaps.None;
        if (request.Kind == RequestKind.Appointment)
        {
            if (booking is null)
                return PortalErrors.AppointmentIncomplete;
            var booked = booking.Book(patient, work.Caller, facts, now);
            if (booked.IsError)
                return booked.Errors;
            db.Appointments.Add(appointment = booked.Value);
            var found = await db.CheckOverlapsAsync(work, appointment, booking.AllowOverlap, ct);
            if (found.IsError)
                return found.Errors;
            overlaps = found.Value;
        }

        request.Confirm(appointment?.Id, now);
        await messages.PublishAsync(request.ToClosedEvent());
        await work.TellWebhooksAsync(request.ToEvent(RequestStep.Closed));
        work.Audit(
            PortalAudit.RequestConfirmed,
            request.Id,
            command.GroupId,
            new
            {
                request.PatientId,
                request.Kind,
                request.AppointmentId,
                Allowed = appointment is null ? null : booking!.Exceptions(facts.Location!, overlaps, now),
            }
        );
        if (appointment is not null && appointment.StartsAt > now)
            await messages.PublishAsync(AppointmentChanged.Of(appointment, AppointmentUpdate.RequestConfirmed, now));
        if (appointment is not null)
            await work.TellWebhooksAsync(appointment.ToEvent(AppointmentStep.Booked));
        return new RequestConfirmed(overlaps.Visible);
    }

    /// <summary>The appointment that the request and the confirmation ask for; null where they leave it open.</summary>
    private static Booking? BookingOf(PortalRequest request, Confirmation input) =>
        request.Kind == RequestKind.Appointment
        && (input.PractitionerId ?? request.PractitionerId) is { } practitionerId
        && (input.LocationId ?? request.LocationId) is { } locationId
        && (input.StartsAt ?? request.StartsAt) is { } startsAt
            ? new Booking(practitionerId, locationId, startsAt, input.EndsAt ?? startsAt + UsualLength, request.Text)
            {
                Room = input.Room.NullIfBlank(),
                AllowOverlap = input.AllowOverlap,
                AllowOutsideHours = input.AllowOutsideHours,
            }
            : null;
}
