using Practice.Shared.Audit;

namespace Practice.Groups.Domain;

/// <summary>Audited acts on groups, their members and their invitations.</summary>
internal static class GroupAudit
{
    public static AuditAct AccessChanged { get; } = new("groups.access_changed");
    public static AuditAct AccessLevelArchived { get; } = new("groups.access_level_archived");
    public static AuditAct AccessLevelChanged { get; } = new("groups.access_level_changed");
    public static AuditAct AccessLevelCreated { get; } = new("groups.access_level_created");
    public static AuditAct AuditExported { get; } = new("groups.audit_exported");
    public static AuditAct Changed { get; } = new("groups.changed");
    public static AuditAct ClientAccessChanged { get; } = new("groups.client_access_changed");
    public static AuditAct ClientCreated { get; } = new("groups.client_created");
    public static AuditAct ClientRevoked { get; } = new("groups.client_revoked");
    public static AuditAct ClientRotated { get; } = new("groups.client_rotated");
    public static AuditAct Created { get; } = new("groups.created");
    public static AuditAct InvitationAccepted { get; } = new("groups.invitation_accepted");
    public static AuditAct InvitationChanged { get; } = new("groups.invitation_changed");
    public static AuditAct InvitationRejected { get; } = new("groups.invitation_rejected");
    public static AuditAct InvitationResent { get; } = new("groups.invitation_resent");
    public static AuditAct InvitationWithdrawn { get; } = new("groups.invitation_withdrawn");
    public static AuditAct LocationsAssigned { get; } = new("groups.locations_assigned");
    public static AuditAct MemberAdded { get; } = new("groups.member_added");
    public static AuditAct MemberDeactivated { get; } = new("groups.member_deactivated");
    public static AuditAct MemberLeft { get; } = new("groups.member_left");
    public static AuditAct MemberReactivated { get; } = new("groups.member_reactivated");
    public static AuditAct MembersAssigned { get; } = new("groups.members_assigned");
    public static AuditAct ProfessionChanged { get; } = new("groups.profession_changed");
    public static AuditAct RoleTypeChanged { get; } = new("groups.role_type_changed");
    public static AuditAct UserInvited { get; } = new("groups.user_invited");
}
