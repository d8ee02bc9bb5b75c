using System.Text.Json.Serialization;
using Practice.Contracts.PatientPortal;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>
/// Told within the module: an appointment was booked, moved or cancelled, or a request for one was answered. It carries
/// the appointment as it was then: each change is told, also when the next one follows at once.
/// </summary>
public sealed record AppointmentChanged(
    Guid GroupId,
    Guid PatientId,
    [property: JsonPropertyName("news"), JsonConverter(typeof(JsonStringEnumConverter<AppointmentUpdate>))]
        AppointmentUpdate Update, // stored messages have the other name
    AppointmentFacts Appointment
) : Message, IInGroup
{
    internal static AppointmentChanged Of(Appointment appointment, AppointmentUpdate update, DateTimeOffset now) =>
        new(appointment.GroupId, appointment.PatientId, update, appointment.ToFacts(now));

    /// <summary>A request for an appointment was declined.</summary>
    internal static AppointmentChanged Declined(PortalRequest request, DateTimeOffset now) =>
        new(
            request.GroupId,
            request.PatientId,
            AppointmentUpdate.RequestDeclined,
            new(request.Id, 0, request.StartsAt, null, request.TimeZone ?? "UTC", null, null, now)
        );
}
