namespace Practice.Groups.Data;

/// <summary>
/// A word by which a member is found: of the name, or of the email. Written by a trigger on the members, so that hosts
/// of every release write it.
/// </summary>
internal sealed class MemberWord
{
    public Guid GroupId { get; private init; }
    public string Word { get; private init; } = null!;
    public Guid UserId { get; private init; }
}
