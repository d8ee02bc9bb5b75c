using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>
/// Notifies the staff who see an appointment that the patient cancelled; of one that the practice cancelled, only its
/// practitioner.
/// </summary>
public static class NotifyStaffOnCancellationMadeHandler
{
    public static async Task Handle(
        CancellationMade made,
        PatientPortalDbContext db,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var appointment = await db
            .Appointments.AsNoTracking()
            .SingleAsync(a => a.GroupId == made.GroupId && a.Id == made.AppointmentId, ct);
        var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == appointment.PatientId, ct);
        var members = await db.FindWhoSeeAsync(bus, appointment, patient, made.ById, ct);
        if (!made.ByPatient)
            members.RemoveAll(member => member != appointment.PractitionerId);
        if (members.Count > 0)
            await messages.PublishAsync(
                new AppointmentCancelled(
                    made.GroupId,
                    patient.PracticeName,
                    appointment.Id,
                    patient.Id,
                    appointment.StartsAt,
                    appointment.LocationTimeZone ?? "UTC",
                    made.ByPatient,
                    members
                )
            );
    }
}
