namespace Practice.PatientPortal.Domain;

/// <summary>The portal's settings, made by an operator.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>
    /// The time zone of a new account, until its person chooses another. Its days decide ages, when guardianship ends,
    /// what is overdue, and the days of reports, of FHIR and of calendar feeds.
    /// </summary>
    public string TimeZone { get; set; } = "Australia/Melbourne";

    /// <summary>The country of phone numbers without a country code: two letters of ISO 3166.</summary>
    public string PhoneRegion { get; set; } = "AU";

    /// <summary>The age, in years, at which guardians no longer see clinical data.</summary>
    public int ClinicalAge { get; set; } = 14;

    /// <summary>The age, in years, at which guardianship ends.</summary>
    public int AdultAge { get; set; } = 18;
}
