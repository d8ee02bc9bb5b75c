using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>
/// Confirms what was asked for from the portal: the wish for an appointment becomes one, a health note counts as seen. The answer's
/// header <c>Overlapping-Appointments</c> names those of the same practitioner at the same time.
/// </summary>
public sealed record ConfirmRequest(Guid GroupId, Guid RequestId, Body<Confirmation> Body)
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
        RuleFor(confirmation => confirmation.StartsAt).Moment();
        RuleFor(confirmation => confirmation.EndsAt)
            .Moment()
            .Must(
                (confirmation, ends) =>
                    confirmation.StartsAt is not { } starts || ends is null || Booking.IsLength(starts, ends.Value)
            )
            .WithMessage("After it starts, and within 24 hours.");
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
        Body<Confirmation> body,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ConfirmRequest(groupId, requestId, body), ct)).ToHttp(confirmed =>
        {
            http.TellOverlaps(confirmed.Overlaps);
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
        if (
            await db.LockRequestAsync(command.GroupId, command.RequestId, work.Caller, bus, ct) is not { } request
            || await db.HoldPatientAsync(command.GroupId, request.PatientId, ct) is not { } patient
        )
        {
            return CommonErrors.NotFound;
        }

        if (command.Body.ReadOr(new(null, null, null, null)) is var read && read.IsError)
            return read.Errors;
        if (request.Status != RequestStatus.Open)
            return PortalErrors.RequestNotOpen;

        var (input, now) = (read.Value, clock.GetUtcNow());
        Appointment? appointment = null;
        if (request.Kind == RequestKind.Appointment)
        {
            if (
                (input.PractitionerId ?? request.PractitionerId) is not { } practitioner
                || (input.LocationId ?? request.LocationId) is not { } location
                || (input.StartsAt ?? request.StartsAt) is not { } startsAt
            )
            {
                return PortalErrors.AppointmentIncomplete;
            }

            var made = await new Booking(
                practitioner,
                location,
                startsAt,
                input.EndsAt ?? startsAt + UsualLength,
                request.Text
            ).MakeAsync(patient, work.Caller, bus, now, ct);
            if (made.IsError)
                return made.Errors;
            db.Appointments.Add(appointment = made.Value);
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
}

internal static class RequestLocks
{
    /// <summary>A request that the caller sees, for us alone: it is answered once.</summary>
    public static async Task<PortalRequest?> LockRequestAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid requestId,
        Caller caller,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var member = (await bus.FindMemberAsync(groupId, caller.Person, ct))!;
        return await db.Seen(
                db.Requests.FromSql(
                    $"select *, xmin from portal.requests where group_id = {groupId} and id = {requestId} for update"
                ),
                member.Practitioner
            )
            .SingleOrDefaultAsync(ct);
    }
}
