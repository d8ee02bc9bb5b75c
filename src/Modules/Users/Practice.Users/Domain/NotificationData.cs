using System.Text.Json.Serialization;

namespace Practice.Users.Domain;

/// <summary>What a front end needs to act on a notification where it stands.</summary>
public sealed class NotificationData
{
    private NotificationData() { }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? GroupId { get; private init; }

    public Guid? InvitationId { get; private init; }

    /// <summary>
    /// Of the invitation: <c>pending</c>, <c>accepted</c>, <c>rejected</c> or <c>withdrawn</c>. Of a patient's request:
    /// <c>open</c> or <c>closed</c>.
    /// </summary>
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

    /// <summary>The patient's request that staff confirm or decline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? RequestId { get; private init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? AppointmentId { get; private init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? PatientId { get; private init; }

    /// <summary>How often the patient did it since it was last read; null where each time has its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Times { get; private init; }

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

    internal static NotificationData OfRequest(Guid groupId, Guid requestId, Guid? patientId) =>
        new()
        {
            GroupId = groupId,
            RequestId = requestId,
            PatientId = patientId,
            Status = "open",
        };

    internal static NotificationData OfAppointment(Guid groupId, Guid appointmentId, Guid patientId, int? times) =>
        new()
        {
            GroupId = groupId,
            AppointmentId = appointmentId,
            PatientId = patientId,
            Times = times,
        };

    internal static NotificationData OfPatient(Guid groupId, Guid patientId, int times) =>
        new()
        {
            GroupId = groupId,
            PatientId = patientId,
            Times = times,
        };

    /// <summary>The same request, decided or withdrawn. Others have no status, and stay the same.</summary>
    internal NotificationData Closed() =>
        RequestId is null
            ? this
            : new()
            {
                GroupId = GroupId,
                RequestId = RequestId,
                PatientId = PatientId,
                Status = "closed",
            };

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
