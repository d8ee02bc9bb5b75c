using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>An appointment as staff read it.</summary>
/// <param name="PatientName">Null where names are hidden.</param>
/// <param name="CancelReason">Why the practice cancelled it, if it said so.</param>
public sealed record AppointmentView(
    Guid Id,
    Guid PatientId,
    string PatientCode,
    string? PatientName,
    Guid PractitionerId,
    string PractitionerName,
    Guid LocationId,
    string LocationName,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Reason,
    AppointmentStatus Status,
    string? Room,
    string? CancelReason
)
{
    internal static AppointmentView Of(Appointment appointment, Patient patient, Caller caller) =>
        new(
            appointment.Id,
            patient.Id,
            patient.Code,
            patient.NameFor(caller),
            appointment.PractitionerId,
            appointment.PractitionerName,
            appointment.LocationId,
            appointment.LocationName,
            appointment.StartsAt,
            appointment.EndsAt,
            appointment.Reason,
            appointment.Status,
            appointment.Room,
            appointment.CancelReason
        );
}
