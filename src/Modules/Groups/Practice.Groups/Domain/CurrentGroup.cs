namespace Practice.Groups.Domain;

/// <summary>The group that a person worked in last.</summary>
public sealed class CurrentGroup
{
    public required Guid UserId { get; init; }
    public required Guid GroupId { get; set; }
}
