namespace Practice.Users.Domain;

/// <summary>A used code of an authenticator app: someone who saw it cannot use it again.</summary>
public sealed class UsedCode
{
    public required Guid AccountId { get; init; }
    public required string Code { get; init; }
    public required DateTimeOffset UsedAt { get; init; }
}
