namespace Practice.Users.Tests;

/// <summary>A host with identity providers: two issuers, one that is away, and one that talks nonsense.</summary>
public sealed class ProviderHost : IAsyncLifetime
{
    public const string Collection = "host with identity providers",
        Away = "away",
        Nonsense = "nonsense";

    private static readonly string[] Names = ["contoso", "fabrikam"];

    public TestApp App { get; private set; } = null!;

    /// <summary>The provider <c>contoso</c>.</summary>
    public TestIssuer Contoso { get; private set; } = null!;

    /// <summary>The provider <c>fabrikam</c>.</summary>
    public TestIssuer Fabrikam { get; private set; } = null!;

    /// <summary>The provider <c>nonsense</c>.</summary>
    public TestIssuer Broken { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (Contoso, Fabrikam) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        (Broken, var away) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        Broken.Discovery["issuer"] = "https://another.test";
        IEnumerable<KeyValuePair<string, string?>> settings =
        [
            .. Contoso.SettingsFor(0, Names[0]),
            .. Fabrikam.SettingsFor(1, Names[1]),
            .. away.SettingsFor(2, Away),
            .. Broken.SettingsFor(3, Nonsense),
        ];
        await away.DisposeAsync();
        App = await TestApp.StartAsync(new TestAppOptions { Settings = settings.ToDictionary() });
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Contoso.DisposeAsync();
        await Fabrikam.DisposeAsync();
        await Broken.DisposeAsync();
    }
}

[CollectionDefinition(ProviderHost.Collection)]
public sealed class ProviderHostCollection : ICollectionFixture<ProviderHost>;
