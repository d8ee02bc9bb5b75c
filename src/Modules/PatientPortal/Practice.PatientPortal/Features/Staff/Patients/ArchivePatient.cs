using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Patients;

/// <summary>
/// Archives a patient whom the practice no longer treats: lists and searches leave them out, and nothing is booked or
/// invoiced. Their records stay, and so does what they see in the portal. Appointments that are still to come are
/// cancelled first. For an archived patient it changes nothing.
/// </summary>
public sealed record ArchivePatient(Guid GroupId, Guid PatientId) : Message, ICommand<Success>;

internal sealed class ArchivePatientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/archive", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(ArchivePatient))
            .WithTags("Patients")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid patientId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ArchivePatient(groupId, patientId), ct)).ToHttp(() => Results.NoContent());
}

public static class ArchivePatientHandler
{
    private const int MaxNamed = 50;

    public static async Task<ErrorOr<Success>> Handle(
        ArchivePatient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (work.Caller.May(Access.HidePatientNames))
            return PortalErrors.NamesHidden; // they cannot tell whom they put away
        if (patient.IsArchived)
            return Result.Success;

        var now = clock.GetUtcNow();
        var upcoming = db
            .Appointments.AsNoTracking()
            .Where(appointment =>
                appointment.PatientId == patient.Id
                && appointment.EndsAt > now
                && (appointment.Status == AppointmentStatus.Booked || appointment.Status == AppointmentStatus.Arrived)
            );
        var count = await CountAllAsync(work, upcoming, command.GroupId, ct);
        if (count > 0)
            return PortalErrors.PatientHasAppointments(
                count,
                await db.VisibleToCaller(upcoming)
                    .OrderBy(appointment => appointment.StartsAt)
                    .Select(appointment => appointment.Id)
                    .Take(MaxNamed)
                    .ToListAsync(ct)
            );

        patient.Archive(now);
        work.Audit(PortalAudit.PatientArchived, patient.Id, patient.GroupId);
        await work.TellWebhooksAsync(patient.ToEvent(PatientStep.Archived));
        return Result.Success;
    }

    /// <summary>Also those that the caller does not see: they would stay in somebody's calendar.</summary>
    private static async Task<int> CountAllAsync(
        UnitOfWork work,
        IQueryable<Appointment> upcoming,
        Guid groupId,
        CancellationToken ct
    )
    {
        using var asSystem = work.ActAsSystemIn(groupId);
        return await upcoming.CountAsync(ct);
    }
}
