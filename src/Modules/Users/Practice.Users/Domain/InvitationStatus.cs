using Practice.Contracts.Groups;

namespace Practice.Users.Domain;

/// <summary>The state of an invitation, as its notification shows it.</summary>
internal enum InvitationStatus
{
    Pending,
    Accepted,
    Rejected,
    Withdrawn,
}

internal static class InvitationStatuses
{
    /// <summary>The code that is stored and served.</summary>
    public static string Code(this InvitationStatus status) =>
        status switch
        {
            InvitationStatus.Pending => "pending",
            InvitationStatus.Accepted => "accepted",
            InvitationStatus.Rejected => "rejected",
            InvitationStatus.Withdrawn => "withdrawn",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    public static InvitationStatus Of(InvitationOutcome outcome) =>
        outcome switch
        {
            InvitationOutcome.Accepted => InvitationStatus.Accepted,
            InvitationOutcome.Rejected => InvitationStatus.Rejected,
            InvitationOutcome.Withdrawn => InvitationStatus.Withdrawn,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };
}
