namespace Practice.Users.Tests;

/// <summary>For tests that measure time or keep every processor busy: they run when the others are done, one after the other.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class Alone
{
    public const string Collection = "alone";
}
