namespace Practice.Shared.Http;

/// <summary>Headers of our own that answers without a body carry.</summary>
public static class ResponseHeaders
{
    /// <summary>The ids, with commas between, of locations that a reactivated member did not get back since they are archived.</summary>
    public const string SkippedLocations = "Skipped-Locations";
}
