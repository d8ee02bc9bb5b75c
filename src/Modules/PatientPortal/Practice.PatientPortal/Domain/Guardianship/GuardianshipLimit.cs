namespace Practice.PatientPortal.Domain.Guardianship;

/// <summary>How a guardian's access becomes less on a known day.</summary>
public enum GuardianshipLimit
{
    /// <summary>The guardian no longer sees clinical data.</summary>
    ClinicalSuspended,

    GuardianshipEnds,
}
