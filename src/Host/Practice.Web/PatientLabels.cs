using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of patients and their records.</summary>
internal static class PatientLabels
{
    /// <summary>The name, or the code where names are hidden.</summary>
    public static string Of(PatientView patient) =>
        patient.FirstName is null ? $"Patient {patient.Code}" : $"{patient.FirstName} {patient.LastName}";

    public static string Of(string? name, string code) => name ?? $"Patient {code}";

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
