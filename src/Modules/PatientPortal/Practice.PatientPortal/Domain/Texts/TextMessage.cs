namespace Practice.PatientPortal.Domain.Texts;

public enum TextStatus
{
    /// <summary>Not handed to the gateway yet.</summary>
    Waiting,

    /// <summary>Being handed over. A text that is found like this later has no known end.</summary>
    Sending,

    /// <summary>The gateway took it.</summary>
    Sent,

    /// <summary>It cannot be sent, and its credit was returned.</summary>
    Refused,

    /// <summary>The gateway did not answer: perhaps it was sent. It is not sent again.</summary>
    Unknown,

    /// <summary>The appointment was cancelled, moved or began before it was sent. Its credit was returned.</summary>
    Dropped,
}

/// <summary>A reminder by text message. Neither the number nor the words are stored.</summary>
public sealed class TextMessage
{
    /// <summary>From one practice. A patient who has more appointments a day gets emails about the others.</summary>
    internal const int MaxPerDayToPatient = 3;

    /// <summary>From one practice, to whichever patients: members of a family have one number.</summary>
    internal const int MaxPerDayToNumber = 5;

    private TextMessage() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid AppointmentId { get; private init; }
    public TextStatus Status { get; private set; }

    /// <summary>Which number it is for, as a keyed hash; null for those of an earlier release.</summary>
    public byte[]? NumberHash { get; private init; }

    /// <summary>The gateway's id of it.</summary>
    public string? GatewayId { get; private set; }

    /// <summary>Why it was not sent: a sentence.</summary>
    public string? Problem { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ChangedAt { get; private set; }

    internal static TextMessage Of(Guid groupId, Guid appointmentId, byte[] numberHash, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            AppointmentId = appointmentId,
            NumberHash = numberHash,
            CreatedAt = now,
            ChangedAt = now,
        };

    internal void Become(TextStatus status, DateTimeOffset now, string? problem = null, string? gatewayId = null)
    {
        (Status, ChangedAt, Problem) = (status, now, problem);
        GatewayId = gatewayId ?? GatewayId;
    }
}
