namespace Practice.PatientPortal.Domain.Credit;

public enum CreditEntryKind
{
    /// <summary>An owner added credit.</summary>
    TopUp,

    /// <summary>A text message took one.</summary>
    Text,

    /// <summary>A text message was not sent: its one is back.</summary>
    Returned,
}

/// <summary>A line of a practice's ledger of message credit. It is never changed, and the balance is its sum.</summary>
public sealed class CreditEntry
{
    private CreditEntry() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public DateTimeOffset At { get; private init; }
    public CreditEntryKind Kind { get; private init; }
    public int Amount { get; private init; }
    public string? Note { get; private init; }

    /// <summary>The owner who added it; null for text messages.</summary>
    public Guid? ById { get; private init; }

    public Guid? TextId { get; private init; }

    internal static CreditEntry TopUp(Guid groupId, int amount, string? note, Guid byId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            At = now,
            Kind = CreditEntryKind.TopUp,
            Amount = amount,
            Note = note,
            ById = byId,
        };

    internal static CreditEntry Taken(Guid groupId, Guid textId, DateTimeOffset now) =>
        OfText(groupId, textId, CreditEntryKind.Text, -1, now);

    internal static CreditEntry Returned(Guid groupId, Guid textId, DateTimeOffset now) =>
        OfText(groupId, textId, CreditEntryKind.Returned, 1, now);

    private static CreditEntry OfText(
        Guid groupId,
        Guid textId,
        CreditEntryKind kind,
        int amount,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = groupId,
            At = now,
            Kind = kind,
            Amount = amount,
            TextId = textId,
        };
}
