using Practice.Contracts.PatientPortal;

namespace Practice.PatientPortal.Domain.Grants;

/// <summary>Role and level that result from what a person may do in an account at this moment.</summary>
internal static class PortalRoles
{
    public static PortalRole Of(bool canEdit) => canEdit ? PortalRole.Edit : PortalRole.View;

    public static PortalLevel LevelOf(bool clinical) => clinical ? PortalLevel.Clinical : PortalLevel.Administrative;
}
