namespace Practice.PatientPortal.Domain.Grants;

public enum PortalRole
{
    /// <summary>Read only.</summary>
    View,

    /// <summary>Read and change.</summary>
    Edit,
}

public enum PortalLevel
{
    /// <summary>Appointments and invoices only.</summary>
    Administrative,

    /// <summary>Appointments, invoices and clinical records.</summary>
    Clinical,
}

/// <summary>Role and level that result from what a person may do in an account at this moment.</summary>
internal static class PortalRoles
{
    public static PortalRole Of(bool canEdit) => canEdit ? PortalRole.Edit : PortalRole.View;

    public static PortalLevel LevelOf(bool clinical) => clinical ? PortalLevel.Clinical : PortalLevel.Administrative;
}
