using System.Globalization;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Texts;
using Practice.Time;

namespace Practice.PatientPortal.Domain.Texts;

/// <summary>What a text message says: nothing clinical, and short enough for one message.</summary>
internal static class TextWording
{
    public static string Reminder(Patient patient, Appointment appointment)
    {
        var when = TimeZoneInfo
            .FindSystemTimeZoneById(appointment.LocationTimeZone ?? "UTC")
            .In(appointment.StartsAt)
            .ToString("ddd d MMM, HH:mm", CultureInfo.InvariantCulture);
        return $"Reminder from {Cut(patient.PracticeName, 40)}: {Cut(patient.FirstName, 20)} has an appointment on "
            + $"{when}, {Cut(appointment.LocationName, 30)}.";
    }

    private static string Cut(string name, int maxLength)
    {
        var words = Names.Unlinked(name);
        var end = maxLength - 1;
        return words.Length <= maxLength
            ? words
            : words[..(char.IsHighSurrogate(words[end - 1]) ? end - 1 : end)] + ".";
    }
}
