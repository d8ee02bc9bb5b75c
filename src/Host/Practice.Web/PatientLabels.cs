using System.Globalization;
using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of patients and their records.</summary>
internal static class PatientLabels
{
    /// <summary>The name, or the code where names are hidden.</summary>
    public static string Of(PatientView patient) =>
        patient.FirstName is null ? $"Patient {patient.Code}" : $"{patient.FirstName} {patient.LastName}";

    /// <summary>The code of a patient of whom only the id is known.</summary>
    public static string Code(Guid id) => $"P-{id.ToString("n")[^8..].ToUpperInvariant()}";

    public static bool IsArchived(this PatientView patient) => patient.ArchivedAt is not null;

    public static string Of(string? name, string code) => name ?? $"Patient {code}";

    /// <summary>The choices of a patient's sex, with their labels.</summary>
    public static IReadOnlyList<(string Value, string Text)> Sexes { get; } =
    [("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown")];

    public static string Of(Sex? sex) =>
        sex switch
        {
            Sex.Female => "Female",
            Sex.Male => "Male",
            Sex.Other => "Other",
            Sex.Unknown => "Unknown",
            _ => "Not recorded",
        };

    /// <summary>Name, relation and number in one line.</summary>
    public static string Of(EmergencyContact contact) =>
        contact.Relation is null
            ? $"{contact.Name}, {contact.Phone}"
            : $"{contact.Name} ({contact.Relation}), {contact.Phone}";

    public static string Of(PortalState state) =>
        state switch
        {
            PortalState.Linked => "On the portal",
            PortalState.Invited => "Invited",
            _ => "Not on the portal",
        };

    public static string PillClass(PortalState state) =>
        state switch
        {
            PortalState.Linked => "good",
            PortalState.Invited => "warn",
            _ => "",
        };

    public static string Of(AppointmentStatus status) =>
        status switch
        {
            AppointmentStatus.Arrived => "Arrived",
            AppointmentStatus.Completed => "Completed",
            AppointmentStatus.NoShow => "Did not come",
            AppointmentStatus.Cancelled => "Cancelled",
            _ => "Booked",
        };

    public static string PillClass(AppointmentStatus status) =>
        status switch
        {
            AppointmentStatus.Booked or AppointmentStatus.Completed => "good",
            AppointmentStatus.Arrived => "warn",
            AppointmentStatus.NoShow => "bad",
            _ => "",
        };

    /// <summary>The size of a file, as people say it.</summary>
    public static string Size(int bytes) =>
        bytes < 1024 * 1024
            ? $"{Math.Max(1, bytes / 1024).ToString(CultureInfo.InvariantCulture)} KB"
            : $"{(bytes / (1024 * 1024.0)).ToString("0.0", CultureInfo.InvariantCulture)} MB";

    /// <summary>What a file is, in one word.</summary>
    public static string FileKind(string mediaType) =>
        mediaType switch
        {
            "application/pdf" => "PDF",
            "image/jpeg" => "JPEG",
            "image/png" => "PNG",
            _ => "Text",
        };

    public static string Of(ClinicalRecordKind kind) =>
        kind switch
        {
            ClinicalRecordKind.Letter => "Letter",
            ClinicalRecordKind.Result => "Result",
            ClinicalRecordKind.Document => "Document",
            _ => "Note",
        };

    public static string Of(RequestKind kind) =>
        kind switch
        {
            RequestKind.Appointment => "Appointment request",
            RequestKind.Cancellation => "Appointment cancelled",
            RequestKind.HealthNote => "Health note",
            RequestKind.ContactDetails => "New contact details",
            _ => "Guardianship ending",
        };

    public static string Of(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "Open",
            RequestStatus.Confirmed => "Confirmed",
            RequestStatus.Declined => "Declined",
            _ => "Withdrawn",
        };

    /// <summary>The age in whole years.</summary>
    public static string Age(DateOnly bornOn, DateOnly today)
    {
        var years = today.Year - bornOn.Year - (today < bornOn.AddYears(today.Year - bornOn.Year) ? 1 : 0);
        return years == 1 ? "1 year old" : $"{years} years old";
    }
}
