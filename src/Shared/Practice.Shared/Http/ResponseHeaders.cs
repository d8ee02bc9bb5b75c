namespace Practice.Shared.Http;

/// <summary>Headers of our own, for what a caller should know besides the answer.</summary>
public static class ResponseHeaders
{
    /// <summary>
    /// The ids, with commas between, of locations that a reactivated member did not get back since they are archived.
    /// </summary>
    public const string SkippedLocations = "Skipped-Locations";

    /// <summary>
    /// The ids, with commas between, of booked appointments of the same practitioner that the one just booked overlaps.
    /// </summary>
    public const string OverlappingAppointments = "Overlapping-Appointments";

    /// <summary>For the API document.</summary>
    public static IReadOnlyDictionary<string, string> Descriptions { get; } =
        new Dictionary<string, string>
        {
            [SkippedLocations] =
                "The ids, with commas between, of locations that the member did not get back: they are archived.",
            [OverlappingAppointments] =
                "The ids, with commas between, of appointments of the same practitioner that this one overlaps.",
        };
}
