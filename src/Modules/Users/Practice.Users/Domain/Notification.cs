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
    GuardianshipRequested,
    TakeoverInvited,
    SecondFactorLost,
    PatientUnlinked,
    PortalPaused,
    PortalResumed,
    PatientRequest,
    AppointmentCancelled,
    ContactDetailsChanged,
    InvitationAnswered,
    WebhookDisabled,
    SignInRule,
}

/// <summary>Something that a person should know, shown in the product.</summary>
public sealed class Notification
{
    private Notification() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>What it is about, unique for each person: an event handled twice makes one notification.</summary>
    public string Source { get; private init; } = null!;

    public NotificationKind Kind { get; private init; }
    public string Title { get; private set; } = null!;
    public string Body { get; private set; } = null!;
    public NotificationData Data { get; private set; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ReadAt { get; private set; }

    internal static Notification Of(Guid accountId, string source, NotificationContent content, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            Source = source,
            Kind = content.Kind,
            Title = content.Title,
            Body = content.Body,
            Data = content.Data,
            CreatedAt = now,
        };

    public static string SourceOf(Guid invitationId) => $"invitation:{invitationId}";

    public static string SourceOfRequest(Guid requestId) => $"request:{requestId}";

    public static string SourceOfGrant(Guid grantId) => $"access:{grantId}";

    public static string SourceOfCancellation(Guid appointmentId) => $"cancellation:{appointmentId}";

    public static string SourceOfAnswer(Guid invitationId) => $"answer:{invitationId}";

    public void Read(DateTimeOffset now) => ReadAt ??= now;

    /// <summary>
    /// The invitation was sent again: the same notification with more time to answer it, unread if it is still open.
    /// </summary>
    internal void InviteAgain(NotificationContent content, DateTimeOffset expiresAt)
    {
        (Title, Body) = (content.Title, content.Body);
        Data = Data.With(expiresAt);
        if (Data.IsPending)
            ReadAt = null;
    }

    /// <summary>What it is about was over before it was told. It gets its text, and stays as it is.</summary>
    internal void Describe(NotificationContent content) => (Title, Body) = (content.Title, content.Body);

    /// <summary>Nothing is left to be done about it.</summary>
    internal void Close(DateTimeOffset now)
    {
        Data = Data.Closed();
        Read(now);
    }

    /// <summary>The invitation can no longer be answered.</summary>
    internal void CloseInvitation(InvitationStatus status, DateTimeOffset now)
    {
        Data = Data.With(status);
        Read(now);
    }
}
