using FluentValidation;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>Cancels an appointment that is not over yet. It stays visible.</summary>
/// <param name="PatientId">Whose it must be, where the path names one.</param>
public sealed record CancelAppointment(
    Guid GroupId,
    Guid? PatientId,
    Guid AppointmentId,
    OptionalBody<Cancellation> Body
) : Message, ICommand<Success>;

/// <param name="Reason">For the practice: the portal does not show it.</param>
public sealed record Cancellation(string? Reason);

internal sealed class CancellationValidator : AbstractValidator<Cancellation>
{
    public CancellationValidator() => RuleFor(cancellation => cancellation.Reason).OptionalMultilineText(500);
}

internal sealed class CancelAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/groups/{groupId:guid}/appointments/{appointmentId:guid}/cancel", Post)
            .RequireAccess(Access.None)
            .WithName("CancelCalendarAppointment")
            .WithSummary("Cancels an appointment that is not over yet, from the calendar. It stays visible.")
            .WithTags("Calendar")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        app.MapPost(
                "/api/groups/{groupId:guid}/patients/{patientId:guid}/appointments/{appointmentId:guid}/cancel",
                PostOfPatient
            )
            .RequireAccess(Access.None)
            .WithName(nameof(CancelAppointment))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> Post(
        Guid groupId,
        Guid appointmentId,
        OptionalBody<Cancellation> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new CancelAppointment(groupId, null, appointmentId, body), ct)).ToHttp(Results.NoContent);

    private static async Task<IResult> PostOfPatient(
        Guid groupId,
        Guid patientId,
        Guid appointmentId,
        OptionalBody<Cancellation> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new CancelAppointment(groupId, patientId, appointmentId, body), ct)).ToHttp(
            Results.NoContent
        );
}

public static class CancelAppointmentHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CancelAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (
            await db.LockAppointmentAsync(command.GroupId, command.AppointmentId, ct) is not { } appointment
            || (command.PatientId is { } patientId && appointment.PatientId != patientId)
        )
            return CommonErrors.NotFound;
        var read = command.Body.ReadOr(new(null));
        if (read.IsError)
            return read.Errors;

        var now = clock.GetUtcNow();
        var cancelled = appointment.Cancel(now, read.Value.Reason.NullIfBlank());
        if (cancelled.IsError)
            return cancelled.Errors;
        work.Audit(PortalAudit.AppointmentCancelled, appointment.Id, command.GroupId, new { appointment.PatientId });
        await messages.PublishAsync(AppointmentChanged.Of(appointment, AppointmentUpdate.Cancelled, now));
        await messages.PublishAsync(
            new CancellationMade(command.GroupId, appointment.Id, work.Caller.Person, ByPatient: false)
        );
        await work.TellWebhooksAsync(appointment.ToEvent(AppointmentStep.Cancelled));
        return Result.Success;
    }
}
