namespace Practice.Users.Domain;

/// <summary>Why one session ended, as the audit records it.</summary>
internal enum SessionEndReason
{
    EndedByPerson,
    RefreshTokenReused,
}

internal static class SessionEndReasons
{
    /// <summary>The code that is stored.</summary>
    public static string Code(this SessionEndReason reason) =>
        reason switch
        {
            SessionEndReason.EndedByPerson => "ended_by_person",
            SessionEndReason.RefreshTokenReused => "refresh_token_reused",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };
}
