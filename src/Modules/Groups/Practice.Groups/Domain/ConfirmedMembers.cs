namespace Practice.Groups.Domain;

/// <summary>
/// Members whose email is confirmed, among those who may be given more access. An email stays confirmed, so the answer
/// of a moment ago is enough.
/// </summary>
internal sealed class ConfirmedMembers(IEnumerable<Guid> userIds)
{
    private readonly HashSet<Guid> _userIds = [.. userIds];

    public static ConfirmedMembers None { get; } = new([]);

    public bool Contains(Guid userId) => _userIds.Contains(userId);
}
