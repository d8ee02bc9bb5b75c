namespace Practice.Users.Tests;

/// <summary>
/// A host with identity providers: two issuers, one that is away, one that talks nonsense, and one of which claims are
/// required.
/// </summary>
public sealed class ProviderHost : IAsyncLifetime
{
    public const string Collection = "host with identity providers",
        Providers = "/api/users/sign-in/providers",
        Away = "away",
        Nonsense = "nonsense",
        Strict = "strict";

    private static readonly string[] Names = ["contoso", "fabrikam"];

    public TestApp App { get; private set; } = null!;

    /// <summary>The provider <c>contoso</c>.</summary>
    public TestIssuer Contoso { get; private set; } = null!;

    /// <summary>The provider <c>fabrikam</c>.</summary>
    public TestIssuer Fabrikam { get; private set; } = null!;

    /// <summary>The provider <c>nonsense</c>.</summary>
    public TestIssuer Broken { get; private set; } = null!;

    /// <summary>The provider <c>strict</c>.</summary>
    public TestIssuer Guarded { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (Contoso, Fabrikam) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        (Broken, var away) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        Guarded = await TestIssuer.StartAsync();
        Broken.Discovery["issuer"] = "https://another.test";
        IEnumerable<KeyValuePair<string, string?>> settings =
        [
            .. Contoso.SettingsFor(0, Names[0]),
            .. Fabrikam.SettingsFor(1, Names[1]),
            .. away.SettingsFor(2, Away),
            .. Broken.SettingsFor(3, Nonsense),
            .. Guarded.SettingsFor(4, Strict),
            new("SignIn:Providers:4:RequiredClaims:hd", "clinic.example, branch.example"),
            new("SignIn:Providers:4:RequiredClaims:level", "3"),
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
        await Guarded.DisposeAsync();
    }

    public async Task<Answer> Linked(
        Person person,
        IssuedIdentity who,
        TestIssuer? issuer = null,
        string name = "contoso"
    )
    {
        var (attempt, state, code) = await Begins(who, issuer, name);
        var token = (await Completes(attempt, state, code, name)).Should(200)["step"].GetProperty("token").GetString();
        return (await App.Api.Post($"{Providers}/{name}/link", new { token, password = person.Password })).Should(200);
    }

    public async Task<(string Attempt, string State, string Code)> Begins(
        IssuedIdentity who,
        TestIssuer? issuer = null,
        string name = "contoso"
    )
    {
        var begun = (await App.Api.Post($"{Providers}/{name}/start")).Should(200);
        var (state, code) = (issuer ?? Contoso).SignsIn(begun["authorizeUrl"].GetString()!, who);
        return (begun["attempt"].GetString()!, state, code);
    }

    public Task<Answer> Completes(
        string attempt,
        string state,
        string code,
        string name = "contoso",
        string? issuer = null
    ) =>
        App.Api.Post(
            $"{Providers}/{name}/complete",
            new
            {
                attempt,
                state,
                code,
                issuer,
            }
        );

    public async Task<Answer> SignsIn(IssuedIdentity who)
    {
        var (attempt, state, code) = await Begins(who);
        return await Completes(attempt, state, code);
    }

    public ApiClient SessionOf(Answer signedIn) =>
        App.Api.WithToken(signedIn["session"].GetProperty("accessToken").GetString());
}

[CollectionDefinition(ProviderHost.Collection)]
public sealed class ProviderHostCollection : ICollectionFixture<ProviderHost>;
