using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.PatientPortal;

// The names in quotes are those of stored messages. They never change.

/// <summary>What a patient is told about an appointment, or about a request for one.</summary>
public enum AppointmentUpdate
{
    [JsonStringEnumMemberName("booked")]
    Booked,

    [JsonStringEnumMemberName("moved")]
    Moved,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The practice booked what was requested.</summary>
    [JsonStringEnumMemberName("requestConfirmed")]
    RequestConfirmed,

    [JsonStringEnumMemberName("requestDeclined")]
    RequestDeclined,

    [JsonStringEnumMemberName("reminder")]
    Reminder,
}

/// <summary>
/// Someone is told about a patient's appointment: one message for each person or address. Its name is the one that
/// stored messages have.
/// </summary>
/// <param name="UserId">The holder of the account that the patient is linked to, or one of its guardians.</param>
/// <param name="Email">The address that the practice recorded, where the patient is not linked.</param>
public sealed record AppointmentAnnounced(
    Guid GroupId,
    string PracticeName,
    [property: JsonPropertyName("news"), JsonConverter(typeof(JsonStringEnumConverter<AppointmentUpdate>))]
        AppointmentUpdate Update,
    Guid? UserId,
    string? Email,
    string PatientFirstName,
    AppointmentFacts Appointment
) : Message, IEvent, IInGroup;

/// <summary>A practice can soon send no text messages any more. Told to its owners.</summary>
/// <param name="Balance">How many it can still send.</param>
public sealed record MessageCreditLow(Guid GroupId, string PracticeName, int Balance) : Message, IEvent, IInGroup;

/// <summary>An appointment as it was when someone was told. Nothing clinical.</summary>
/// <param name="Id">Of the appointment, or of the request.</param>
/// <param name="Sequence">Grows with each change: calendars keep the newest.</param>
/// <param name="StartsAt">Null of a request that named no time.</param>
/// <param name="TimeZone">The IANA time zone of the location.</param>
/// <param name="Practitioner">Null of a request, as is the location.</param>
public sealed record AppointmentFacts(
    Guid Id,
    int Sequence,
    DateTimeOffset? StartsAt,
    DateTimeOffset? EndsAt,
    string TimeZone,
    string? Practitioner,
    string? Location,
    DateTimeOffset ChangedAt
);
