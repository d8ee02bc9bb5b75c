namespace Practice.PatientPortal.Domain.Credit;

/// <summary>
/// How many text messages a practice can still send. A trigger adds each new entry of the ledger up here, in the
/// entry's own transaction; below zero it fails.
/// </summary>
public sealed class MessageCredit
{
    public const int MaxLowBalance = 100_000;
    public const int MaxTopUp = 100_000;
    public const int MaxBalance = 1_000_000;
    public const int UsualLowBalance = 20;

    private MessageCredit() { }

    public Guid GroupId { get; private init; }

    /// <summary>Written by the trigger alone.</summary>
    public int Balance { get; private init; }

    /// <summary>At this balance the owners are told, once until it is above it again.</summary>
    public int LowBalance { get; private set; } = UsualLowBalance;

    public bool OwnersTold { get; private set; }

    /// <summary>Grows with each change of the settings, and not with each text message.</summary>
    public int Revision { get; private set; }

    internal static MessageCredit Of(Guid groupId) => new() { GroupId = groupId };

    /// <summary>Whether the owners must be told of a new, lower balance.</summary>
    internal bool TellsOwnersAt(int balance)
    {
        var tells = balance <= LowBalance && !OwnersTold;
        OwnersTold |= tells;
        return tells;
    }

    /// <summary>A top-up above the low balance: the next time that it is low is told again.</summary>
    internal void ToldAgainAbove(int balance)
    {
        if (balance > LowBalance)
            OwnersTold = false;
    }

    internal void WarnAt(int lowBalance)
    {
        (LowBalance, Revision) = (lowBalance, Revision + 1);
        ToldAgainAbove(Balance);
    }
}
