using Practice.Shared.Audit;

namespace Practice.Locations.Domain;

/// <summary>Audited acts on locations.</summary>
internal static class LocationAudit
{
    public static AuditAct Archived { get; } = new("locations.archived");
    public static AuditAct Changed { get; } = new("locations.changed");
    public static AuditAct Created { get; } = new("locations.created");
    public static AuditAct Restored { get; } = new("locations.restored");
}
