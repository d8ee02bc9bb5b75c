using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Calendar;

/// <summary>What became of an appointment on its day: the patient arrived, was seen, or did not come.</summary>
public sealed record MarkAppointment(Guid GroupId, Guid AppointmentId, AppointmentStatus Status)
    : Message,
        ICommand<Success>;

internal sealed class MarkAppointmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        Map(
            "arrive",
            AppointmentStatus.Arrived,
            "MarkAppointmentArrived",
            "The patient of an appointment has arrived."
        );
        Map("complete", AppointmentStatus.Completed, "CompleteAppointment", "The patient of an appointment was seen.");
        Map(
            "no-show",
            AppointmentStatus.NoShow,
            "MarkAppointmentNoShow",
            "The patient did not come to an appointment."
        );

        void Map(string step, AppointmentStatus status, string name, string summary) =>
            app.MapPost(
                    $"/api/groups/{{groupId:guid}}/appointments/{{appointmentId:guid}}/{step}",
                    (Guid groupId, Guid appointmentId, IModuleBus bus, CancellationToken ct) =>
                        Post(new MarkAppointment(groupId, appointmentId, status), bus, ct)
                )
                .RequireAccess(Access.None)
                .WithName(name)
                .WithSummary(summary)
                .WithTags("Calendar")
                .Produces(StatusCodes.Status204NoContent)
                .ProducesProblem(StatusCodes.Status404NotFound)
                .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> Post(MarkAppointment command, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(command, ct)).ToHttp(Results.NoContent);
}

public static class MarkAppointmentHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        MarkAppointment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAppointmentAsync(command.GroupId, command.AppointmentId, ct) is not { } appointment)
            return CommonErrors.NotFound;

        var (from, now) = (appointment.Status, clock.GetUtcNow());
        var (done, act, step) = command.Status switch
        {
            AppointmentStatus.Arrived => (
                appointment.Arrive(now),
                PortalAudit.AppointmentArrived,
                AppointmentStep.Arrived
            ),
            AppointmentStatus.Completed => (
                appointment.Complete(now),
                PortalAudit.AppointmentCompleted,
                AppointmentStep.Completed
            ),
            AppointmentStatus.NoShow => (appointment.Miss(now), PortalAudit.AppointmentMissed, AppointmentStep.Missed),
            var other => throw new ArgumentOutOfRangeException(nameof(command), other, "No step of its own."),
        };
        if (done.IsError)
            return done.Errors;
        // A patient who comes late after all is seen, although the time may have been given to another patient.
        var overlaps =
            from == AppointmentStatus.NoShow
                ? (await db.CheckOverlapsAsync(work, appointment, allow: true, ct)).Value
                : Overlaps.None;
        work.Audit(
            act,
            appointment.Id,
            command.GroupId,
            new
            {
                appointment.PatientId,
                From = from.ToCode(),
                To = appointment.Status.ToCode(),
                Overlaps = overlaps == Overlaps.None ? null : overlaps,
            }
        );
        await work.TellWebhooksAsync(appointment.ToEvent(step));
        return Result.Success;
    }
}
