namespace Practice.PatientPortal.Domain;

/// <summary>The portal's settings, as an operator makes them.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The zone of a new account, until its person sets another.</summary>
    public string TimeZone { get; set; } = "Australia/Melbourne";

    /// <summary>The age, in years, at which guardians no longer see clinical data.</summary>
    public int ClinicalAge { get; set; } = 14;

    /// <summary>The age, in years, at which guardianship ends.</summary>
    public int AdultAge { get; set; } = 18;
}
