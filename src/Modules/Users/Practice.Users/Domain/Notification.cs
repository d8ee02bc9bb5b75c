using System.Text.Json.Serialization;

namespace Practice.Users.Domain;

public enum NotificationKind
{
    Invitation,
    Joined,
    AccessChanged,
    Deactivation,
    Reactivation,
    PortalRequest,
    PortalGranted,
    PortalRevoked,
    GuardianAdded,
    GuardianshipEnding,
}

/// <summary>Something that a person should know, shown in the product.</summary>
public sealed class Notification
{
    private Notification() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>What it tells of, once for each person: the same event heard twice makes one notification.</summary>
    public string Source { get; private init; } = null!;

    public NotificationKind Kind { get; private init; }
    public string Title { get; private set; } = null!;
    public string Body { get; private set; } = null!;
    public NotificationData Data { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ReadAt { get; private set; }

    public static Notification Of(
        Guid accountId,
        string source,
        NotificationKind kind,
        string title,
        string body,
        NotificationData data,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            Source = source,
            Kind = kind,
            Title = title,
            Body = body,
            Data = data,
            CreatedAt = now,
        };

    public static string SourceOf(Guid invitationId) => $"invitation:{invitationId}";

    public void Read(DateTimeOffset now) => ReadAt ??= now;

    /// <summary>The invitation was sent again: the same notification, with more time to answer it.</summary>
    public void InviteAgain(string title, string body, DateTimeOffset expiresAt)
    {
        (Title, Body) = (title, body);
        Data = new NotificationData
        {
            GroupId = Data.GroupId,
            InvitationId = Data.InvitationId,
            Status = Data.Status,
            ExpiresAt = expiresAt,
        };
        if (Data.Status == NotificationData.Pending)
            ReadAt = null;
    }

    /// <summary>There is nothing left to answer.</summary>
    public void CloseInvitation(string status, DateTimeOffset now)
    {
        Data = new NotificationData
        {
            GroupId = Data.GroupId,
            InvitationId = Data.InvitationId,
            Status = status,
            ExpiresAt = Data.ExpiresAt,
        };
        Read(now);
    }
}

/// <summary>What a front end needs to act on a notification where it stands.</summary>
public sealed class NotificationData
{
    public const string Pending = "pending";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? GroupId { get; init; }

    public Guid? InvitationId { get; init; }

    /// <summary>Of the invitation: <c>pending</c>, <c>accepted</c>, <c>rejected</c> or <c>withdrawn</c>.</summary>
    public string? Status { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The portal account that it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? AccountId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? GrantId { get; init; }
}
