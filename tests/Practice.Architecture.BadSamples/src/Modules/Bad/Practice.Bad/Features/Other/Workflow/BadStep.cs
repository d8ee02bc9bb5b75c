namespace Practice.Bad.Features.Other.Workflow;

internal sealed record BadStep(string Name)
{
    public Type Start { get; } = typeof(BadStart);

    public BadShared? Shared { get; init; }
}
