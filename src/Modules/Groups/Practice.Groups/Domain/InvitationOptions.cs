namespace Practice.Groups.Domain;

/// <summary><c>Invitations</c> in the configuration.</summary>
public sealed class InvitationOptions
{
    internal const string Section = "Invitations";

    /// <summary>How long an invitation can be answered.</summary>
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(7);
}
