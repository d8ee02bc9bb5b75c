using Practice.Client;

namespace Practice.Web;

/// <summary>What of patients, and of what is kept on them, is called on a page.</summary>
internal static class PatientWords
{
    /// <summary>The name, or the code of who may not see it.</summary>
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

    public static string Tone(PortalState state) =>
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
            RequestKind.Appointment => "Asks for an appointment",
            RequestKind.Cancellation => "Cancelled an appointment",
            RequestKind.HealthNote => "Health note",
            RequestKind.ContactDetails => "New contact details",
            _ => "Guardianship is ending",
        };

    public static string Of(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "Open",
            RequestStatus.Confirmed => "Confirmed",
            RequestStatus.Declined => "Declined",
            _ => "Taken back",
        };

    /// <summary>In whole years, on the day.</summary>
    public static string Age(DateOnly bornOn, DateOnly today)
    {
        var years = today.Year - bornOn.Year - (today < bornOn.AddYears(today.Year - bornOn.Year) ? 1 : 0);
        return years == 1 ? "1 year old" : $"{years} years old";
    }
}
