namespace Practice.Shared.Http;

/// <summary>The answer to a POST that made a resource.</summary>
public sealed record NewResource(Guid Id);
