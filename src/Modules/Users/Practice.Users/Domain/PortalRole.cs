using System.Text.Json.Serialization;

namespace Practice.Users.Domain;

/// <summary>What a person may do in a portal account. Serialized by the code that the portal's events use.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PortalRole>))]
public enum PortalRole
{
    [JsonStringEnumMemberName("view")]
    View,

    [JsonStringEnumMemberName("edit")]
    Edit,
}

/// <summary>Whether a person sees clinical records in a portal account.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PortalLevel>))]
public enum PortalLevel
{
    [JsonStringEnumMemberName("administrative")]
    Administrative,

    [JsonStringEnumMemberName("clinical")]
    Clinical,
}

/// <summary>What a guardian loses as the dependant grows up.</summary>
internal enum GuardianLoss
{
    ClinicalAccess,
    Guardianship,
}

/// <summary>
/// Reads the codes of the portal's events. An unknown code throws: nobody is told something that is not true.
/// </summary>
internal static class PortalCodes
{
    public static PortalRole Role(string code) =>
        code switch
        {
            "view" => PortalRole.View,
            "edit" => PortalRole.Edit,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
        };

    public static PortalLevel Level(string code) =>
        code switch
        {
            "administrative" => PortalLevel.Administrative,
            "clinical" => PortalLevel.Clinical,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
        };

    public static GuardianLoss Loss(string code) =>
        code switch
        {
            "clinicalSuspended" => GuardianLoss.ClinicalAccess,
            "guardianshipEnds" => GuardianLoss.Guardianship,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
        };
}
