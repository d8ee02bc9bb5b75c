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
    /// <summary>The code that is stored, served and named by the Groups module's events.</summary>
    public static string Code(this InvitationStatus status) =>
        status switch
        {
            InvitationStatus.Pending => "pending",
            InvitationStatus.Accepted => "accepted",
            InvitationStatus.Rejected => "rejected",
            InvitationStatus.Withdrawn => "withdrawn",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    public static InvitationStatus Parse(string code) =>
        Enum.GetValues<InvitationStatus>()
            .Cast<InvitationStatus?>()
            .FirstOrDefault(status => status!.Value.Code() == code)
        ?? throw new ArgumentOutOfRangeException(nameof(code), code, null);
}
