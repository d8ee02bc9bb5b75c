using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.PatientPortal;

// What the practice is told. None of it names a patient. The names in quotes are those of stored messages. They never
// change.

/// <summary>What a patient sends that staff answer.</summary>
public enum PatientRequestKind
{
    [JsonStringEnumMemberName("appointment")]
    Appointment,

    [JsonStringEnumMemberName("healthNote")]
    HealthNote,
}

/// <summary>A request came from the portal.</summary>
/// <param name="Day">For which day, as the patient chose it; null of a health note.</param>
/// <param name="UserIds">The members who may answer it.</param>
public sealed record PatientRequestSent(
    Guid GroupId,
    string PracticeName,
    Guid RequestId,
    Guid PatientId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PatientRequestKind>))] PatientRequestKind Kind,
    DateOnly? Day,
    IReadOnlyList<Guid> UserIds
) : Message, IEvent, IInGroup;

/// <summary>A request from the portal was confirmed, declined or withdrawn.</summary>
/// <param name="UserIds">Who was told of it.</param>
public sealed record PatientRequestClosed(Guid GroupId, Guid RequestId, IReadOnlyList<Guid> UserIds)
    : Message,
        IEvent,
        IInGroup;

/// <summary>An appointment was cancelled.</summary>
/// <param name="TimeZone">The IANA time zone of the location.</param>
/// <param name="ByPatient">In the portal; otherwise by another member of the practice.</param>
/// <param name="UserIds">Who is told.</param>
public sealed record AppointmentCancelled(
    Guid GroupId,
    string PracticeName,
    Guid AppointmentId,
    Guid PatientId,
    DateTimeOffset StartsAt,
    string TimeZone,
    bool ByPatient,
    IReadOnlyList<Guid> UserIds
) : Message, IEvent, IInGroup;

/// <summary>Contact details of a patient were changed in the portal.</summary>
/// <param name="UserIds">The members who may change the patient.</param>
public sealed record PatientContactChanged(
    Guid GroupId,
    string PracticeName,
    Guid PatientId,
    IReadOnlyList<Guid> UserIds
) : Message, IEvent, IInGroup;
