namespace Practice.Users.Domain;

/// <summary>A code of an authenticator app that has been used: whoever looked over the shoulder can't use it again.</summary>
public sealed class UsedCode
{
    public required Guid AccountId { get; init; }
    public required string Code { get; init; }
    public required DateTimeOffset UsedAt { get; init; }
}
