using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Requests;

/// <summary>
/// Cancels an appointment that has not started, or a request for one. It happens once, even if staff answer or cancel
/// it at the same moment.
/// </summary>
public sealed record CancelFromPortal(Guid AccountId, Guid AppointmentId) : Message, ICommand<Success>;

internal sealed class CancelFromPortalEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts/{accountId:guid}/appointments/{appointmentId:guid}/cancel", Post)
            .RequireAccount(edit: true)
            .WithName(nameof(CancelFromPortal))
            .WithTags("Portal records")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid accountId, Guid appointmentId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new CancelFromPortal(accountId, appointmentId), ct)).ToHttp(() => Results.NoContent());
}

public static class CancelFromPortalHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CancelFromPortal command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == command.AccountId, ct);
        var name = await AccessLogging.RecordAsync(
            db,
            work,
            account,
            AccessLogAction.AppointmentCancelled,
            now,
            command.AppointmentId,
            ct
        );
        if (
            await db
                .Appointments.FromSql(
                    $"""
                    select *, xmin from portal.appointments
                    where account_id = {account.Id} and id = {command.AppointmentId} for update
                    """
                )
                .SingleOrDefaultAsync(ct) is
            { } appointment
        )
        {
            if (appointment.Status != AppointmentStatus.Booked || appointment.StartsAt <= now)
                return PortalErrors.AppointmentNotOpen;
            appointment.Cancel();
            await messages.PublishAsync(AppointmentChanged.Of(appointment, AppointmentUpdate.Cancelled, now));
            await messages.PublishAsync(
                new CancellationMade(appointment.GroupId, appointment.Id, work.Caller.Person, ByPatient: true)
            );
            await work.TellWebhooksAsync(appointment.ToEvent(AppointmentStep.Cancelled));
            var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == appointment.PatientId, ct);
            db.Requests.Add(
                PortalRequest.Send(
                    patient,
                    account.Id,
                    RequestKind.Cancellation,
                    null,
                    (work.Caller.Person, name),
                    account.Name,
                    now,
                    appointment.StartsAt,
                    appointment.PractitionerId,
                    appointment.LocationId,
                    appointment.Id
                )
            );
        }
        else if (
            await db
                .Requests.FromSql(
                    $"""
                    select *, xmin from portal.requests
                    where account_id = {account.Id} and id = {command.AppointmentId} for update
                    """
                )
                .SingleOrDefaultAsync(r => r.Kind == RequestKind.Appointment, ct) is
            { } request
        )
        {
            if (request.Status != RequestStatus.Open)
                return PortalErrors.RequestAnswered;
            request.Cancel(now);
            await messages.PublishAsync(request.ToClosedEvent());
            await work.TellWebhooksAsync(request.ToEvent(RequestStep.Closed));
        }
        else
        {
            return CommonErrors.NotFound;
        }

        work.Audit(PortalAudit.AppointmentCancelled, account.Id, null, new { command.AppointmentId });
        return Result.Success;
    }
}
