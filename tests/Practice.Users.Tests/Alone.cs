namespace Practice.Users.Tests;

/// <summary>For tests that measure time or use every processor: they run one by one, after all others.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class Alone
{
    public const string Collection = "alone";
}
