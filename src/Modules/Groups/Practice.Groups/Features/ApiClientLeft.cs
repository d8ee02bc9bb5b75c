namespace Practice.Groups.Features;

/// <summary>An API client that goes on without its maker.</summary>
internal sealed record ApiClientLeft(Guid ClientId, string Name);
