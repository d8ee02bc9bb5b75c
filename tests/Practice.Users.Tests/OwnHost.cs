namespace Practice.Users.Tests;

/// <summary>A host apart, for the tests of one class that move its clock on.</summary>
public sealed class OwnHost : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await TestApp.StartAsync();

    public async Task DisposeAsync() => await App.DisposeAsync();
}
