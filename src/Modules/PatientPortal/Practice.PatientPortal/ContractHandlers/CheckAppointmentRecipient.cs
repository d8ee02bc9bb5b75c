using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.ContractHandlers;

/// <summary>An address counts as long as the practice has it for the patient, also of one in the portal.</summary>
public static class CheckAppointmentRecipientHandler
{
    public static async Task<ErrorOr<AppointmentRecipient>> Handle(
        CheckAppointmentRecipient command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var patient = await db.FindPatientOfAsync(command.GroupId, command.AppointmentId, ct)
            ?? await FindPatientOfRequestAsync(db, command, ct);
        if (patient is null)
            return new AppointmentRecipient(false);
        if (command.UserId is not { } person)
            return new AppointmentRecipient(patient.Email is not null, patient.Email);
        var told = await db.FindRecipientsAsync(work, patient, options.Value, clock.GetUtcNow(), ct);
        return new AppointmentRecipient(told.Any(recipient => recipient.UserId == person));
    }

    /// <summary>An email about a declined request has the request's id.</summary>
    private static Task<Patient?> FindPatientOfRequestAsync(
        PatientPortalDbContext db,
        CheckAppointmentRecipient command,
        CancellationToken ct
    ) =>
        db
            .Requests.AsNoTracking()
            .Where(request => request.GroupId == command.GroupId && request.Id == command.AppointmentId)
            .Join(
                db.Patients.AsNoTracking(),
                request => request.PatientId,
                patient => patient.Id,
                (_, patient) => patient
            )
            .SingleOrDefaultAsync(ct);
}
