using Practice.Shared.Audit;

namespace Practice.Webhooks.Domain;

/// <summary>Audited acts on webhooks.</summary>
internal static class WebhookAudit
{
    public static AuditAct Created { get; } = new("webhooks.created");
    public static AuditAct Changed { get; } = new("webhooks.changed");
    public static AuditAct Deleted { get; } = new("webhooks.deleted");
    public static AuditAct Disabled { get; } = new("webhooks.disabled");
    public static AuditAct Replayed { get; } = new("webhooks.replayed");
    public static AuditAct SecretRotated { get; } = new("webhooks.secret_rotated");
    public static AuditAct Tested { get; } = new("webhooks.tested");
}
