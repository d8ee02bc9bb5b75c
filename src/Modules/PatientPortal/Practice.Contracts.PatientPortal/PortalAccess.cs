using System.Text.Json.Serialization;

namespace Practice.Contracts.PatientPortal;

// The names in quotes are those of the API, of stored messages and of the database. They never change.

/// <summary>What a person may do in a portal account.</summary>
public enum PortalRole
{
    /// <summary>Read only.</summary>
    [JsonStringEnumMemberName("view")]
    View,

    /// <summary>Read and change.</summary>
    [JsonStringEnumMemberName("edit")]
    Edit,
}

/// <summary>What a person sees in a portal account.</summary>
public enum PortalLevel
{
    /// <summary>Appointments and invoices only.</summary>
    [JsonStringEnumMemberName("administrative")]
    Administrative,

    /// <summary>Appointments, invoices and clinical records.</summary>
    [JsonStringEnumMemberName("clinical")]
    Clinical,
}

/// <summary>How a guardian's access becomes less on a known day.</summary>
public enum GuardianshipLimit
{
    /// <summary>The guardian no longer sees clinical data.</summary>
    [JsonStringEnumMemberName("clinicalSuspended")]
    ClinicalSuspended,

    [JsonStringEnumMemberName("guardianshipEnds")]
    GuardianshipEnds,
}
