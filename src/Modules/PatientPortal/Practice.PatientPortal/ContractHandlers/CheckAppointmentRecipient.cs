using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

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
        if (await db.FindPatientOfAsync(command.GroupId, command.AppointmentId, ct) is not { } patient)
            return new AppointmentRecipient(false);
        if (command.UserId is not { } person)
            return new AppointmentRecipient(
                patient.Email is { } email && EmailAddress.Normalize(email) == EmailAddress.Normalize(command.Email)
            );
        var told = await db.FindRecipientsAsync(work, patient, options.Value, clock.GetUtcNow(), ct);
        return new AppointmentRecipient(told.Any(recipient => recipient.UserId == person));
    }
}
