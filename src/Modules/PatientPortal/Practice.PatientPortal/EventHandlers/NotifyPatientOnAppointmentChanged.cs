using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Has the patient, or who acts for them, told about a change of an appointment.</summary>
public static class NotifyPatientOnAppointmentChangedHandler
{
    public static async Task Handle(
        AppointmentChanged changed,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var patient = await db
            .Patients.AsNoTracking()
            .SingleAsync(patient => patient.GroupId == changed.GroupId && patient.Id == changed.PatientId, ct);
        foreach (var recipient in await db.FindRecipientsAsync(work, patient, options.Value, clock.GetUtcNow(), ct))
            await messages.PublishAsync(recipient.ToEvent(patient, changed.Update, changed.Appointment));
    }
}
