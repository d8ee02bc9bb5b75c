using System.Text.Json.Serialization;

namespace Practice.Users.Domain;

/// <summary>What a front end needs to act on a notification where it stands.</summary>
public sealed class NotificationData
{
    private NotificationData() { }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? GroupId { get; private init; }

    public Guid? InvitationId { get; private init; }

    /// <summary>Of the invitation: <c>pending</c>, <c>accepted</c>, <c>rejected</c> or <c>withdrawn</c>.</summary>
    public string? Status { get; private init; }

    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>The portal account that it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? AccountId { get; private init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? GrantId { get; private init; }

    /// <summary>What was asked, to accept or decline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? GuardianshipId { get; private init; }

    internal bool IsPending => Status == InvitationStatus.Pending.Code();

    /// <summary>About the person's own sign-in: there is nothing to name.</summary>
    internal static NotificationData OfAccount() => new();

    internal static NotificationData OfGroup(Guid groupId) => new() { GroupId = groupId };

    /// <param name="expiresAt">Null as long as only the end of the invitation is known.</param>
    internal static NotificationData OfInvitation(
        Guid groupId,
        Guid invitationId,
        InvitationStatus status,
        DateTimeOffset? expiresAt
    ) =>
        new()
        {
            GroupId = groupId,
            InvitationId = invitationId,
            Status = status.Code(),
            ExpiresAt = expiresAt,
        };

    internal static NotificationData OfPortalAccount(Guid accountId, Guid? grantId = null) =>
        new() { AccountId = accountId, GrantId = grantId };

    internal static NotificationData OfGuardianship(Guid guardianshipId) => new() { GuardianshipId = guardianshipId };

    /// <summary>The same invitation with another status.</summary>
    internal NotificationData With(InvitationStatus status) =>
        new()
        {
            GroupId = GroupId,
            InvitationId = InvitationId,
            Status = status.Code(),
            ExpiresAt = ExpiresAt,
        };

    /// <summary>The same invitation with more time to answer it.</summary>
    internal NotificationData With(DateTimeOffset expiresAt) =>
        new()
        {
            GroupId = GroupId,
            InvitationId = InvitationId,
            Status = Status,
            ExpiresAt = expiresAt,
        };
}
