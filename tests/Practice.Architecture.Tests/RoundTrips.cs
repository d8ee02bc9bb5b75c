using Npgsql;

namespace Practice.Architecture.Tests;

/// <summary>
/// Authorization travels with the rows themselves: it costs no round trip of its own. Counted on the wire.
/// </summary>
public sealed class RoundTrips
{
    /// <summary>After five uses Npgsql prepares a statement; from then on nothing about it changes.</summary>
    private const int UsesUntilPrepared = 6;

    [Fact]
    public async Task Authorization_costs_a_read_no_round_trip_of_its_own()
    {
        await using var wire = await Wire.ConnectedAsync();
        var owner = await wire.App.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        (await owner.Api.Post("/api/portal/accounts", new { dateOfBirth = "1990-02-03" })).Should(201);

        Assert.Equal(1, await wire.Count("practice_locations", () => owner.Api.Get($"{group.Path}/locations")));
        Assert.Equal(1, await wire.Count("practice_groups", () => owner.Api.Get($"{group.Path}/members")));
        Assert.Equal(1, await wire.Count("practice_groups", () => owner.Api.Get("/api/groups")));
        Assert.Equal(1, await wire.Count("practice_portal", () => owner.Api.Get("/api/portal/accounts")));
        Assert.Equal(1, await wire.Count("practice_users", () => owner.Api.Get("/api/users/me")));
    }

    [Fact]
    public async Task A_caller_who_is_denied_costs_one_round_trip_too()
    {
        await using var wire = await Wire.ConnectedAsync();
        var group = await (await wire.App.SignUpAndConfirm()).CreatesGroup();
        var stranger = await wire.App.SignUpAndConfirm();

        Assert.Equal(
            1,
            await wire.Count("practice_locations", () => stranger.Api.Get($"{group.Path}/locations"), status: 404)
        );
    }

    /// <summary>
    /// A transaction's BEGIN travels with its first statement, which is the one that authorizes: a change that is
    /// denied takes two round trips, the second of which rolls back.
    /// </summary>
    [Fact]
    public async Task Authorization_costs_a_change_no_more_than_beginning_its_transaction_does()
    {
        await using var wire = await Wire.ConnectedAsync();
        var group = await (await wire.App.SignUpAndConfirm()).CreatesGroup();
        var stranger = await wire.App.SignUpAndConfirm();

        Assert.Equal(
            2,
            await wire.Count(
                "practice_locations",
                () => stranger.Api.Put($"{group.Path}/locations/{group.LocationId}", new { name = "Not mine" }, "*"),
                status: 404
            )
        );
    }

    /// <summary>
    /// The caller, the rows with their audit, and the commit: no savepoint, and nothing row by row.
    /// </summary>
    [Fact]
    public async Task A_change_with_its_audit_costs_three_round_trips()
    {
        await using var wire = await Wire.ConnectedAsync();
        var owner = await wire.App.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var location = new { name = "Second", timeZone = "Europe/Vienna" };

        Assert.Equal(
            3,
            await wire.Count("practice_locations", () => owner.Api.Post($"{group.Path}/locations", location), 201)
        );
    }

    /// <summary>Asking another module takes no transaction: one round trip, as a read of one's own.</summary>
    [Fact]
    public async Task A_query_to_another_module_costs_one_round_trip()
    {
        await using var wire = await Wire.ConnectedAsync();
        var owner = await wire.App.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var member = Group.Member(owner.Email, "reception", locations: [group.LocationId]);

        foreach (var role in new[] { "practice_users", "practice_locations" })
            Assert.Equal(1, await wire.Count(role, () => owner.Api.Post($"{group.Path}/members", member), status: 409));
    }

    /// <summary>A host that connects through the counting proxy.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly CountingProxy _proxy;

        private Wire(CountingProxy proxy, TestApp app) => (_proxy, App) = (proxy, app);

        public TestApp App { get; }

        public static async Task<Wire> ConnectedAsync()
        {
            var connection = new NpgsqlConnectionStringBuilder(await TestServer.NewDatabaseAsync())
            {
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            };
            var proxy = new CountingProxy(connection.Host!, connection.Port);
            (connection.Host, connection.Port) = ("127.0.0.1", proxy.Port);
            return new(
                proxy,
                await TestApp.StartAsync(new TestAppOptions { ConnectionString = connection.ConnectionString })
            );
        }

        /// <summary>The round trips of one call, counted for the role of the module that answers it.</summary>
        public async Task<int> Count(string role, Func<Task<Answer>> call, int status = 200)
        {
            for (var use = 0; use < UsesUntilPrepared; use++)
                (await call()).Should(status);
            await App.SettlesAsync();
            var before = _proxy.RoundTripsOf(role);
            (await call()).Should(status);
            return _proxy.RoundTripsOf(role) - before;
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await _proxy.DisposeAsync();
        }
    }
}
