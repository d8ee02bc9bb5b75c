namespace Practice.Shared.Persistence;

/// <summary>What a module's function for a search answers: the id of a row that holds every word sought.</summary>
public sealed class Found
{
    public Guid Id { get; private init; }
}
