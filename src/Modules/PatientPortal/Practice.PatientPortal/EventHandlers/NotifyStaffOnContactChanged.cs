using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Notifies the staff who may change the patient.</summary>
public static class NotifyStaffOnContactChangedHandler
{
    public static async Task Handle(
        ContactChanged changed,
        PatientPortalDbContext db,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var patient = await db
            .Patients.AsNoTracking()
            .SingleAsync(p => p.GroupId == changed.GroupId && p.Id == changed.PatientId, ct);
        var members = await db.FindWhoMayChangeAsync(bus, patient, changed.ById, ct);
        if (members.Count > 0)
            await messages.PublishAsync(
                new PatientContactChanged(changed.GroupId, patient.PracticeName, patient.Id, members)
            );
    }
}
