namespace Practice.Security.Tests;

/// <summary>The few connections of a host under test are not enough for all of this at once.</summary>
[CollectionDefinition(nameof(OneAfterTheOther))]
public sealed class OneAfterTheOther;
