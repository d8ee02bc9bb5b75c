namespace Practice.Users.Tests;

/// <summary>A separate host, for tests that move its clock forward and for one that reads its whole log.</summary>
public sealed class OwnHost : IAsyncLifetime
{
    public const string Collection = "own host";

    private static readonly string[] Sources =
    [
        "Default",
        "Microsoft",
        "Microsoft.EntityFrameworkCore",
        "Wolverine",
        "JasperFx",
        "Weasel",
    ];

    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() =>
        App = await TestApp.StartAsync(
            new TestAppOptions
            {
                Settings = Sources.ToDictionary(source => $"Logging:LogLevel:{source}", _ => (string?)"Debug"),
            }
        );

    public async Task DisposeAsync() => await App.DisposeAsync();
}

[CollectionDefinition(OwnHost.Collection)]
public sealed class OwnHostCollection : ICollectionFixture<OwnHost>;
