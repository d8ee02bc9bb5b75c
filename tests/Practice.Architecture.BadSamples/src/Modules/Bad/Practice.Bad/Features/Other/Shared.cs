namespace Practice.Bad.Features.Other;

/// <summary>Not bad where it is: a file without endpoint or handler is shared by the slices of its folder.</summary>
internal sealed record BadShared(Guid Id);
