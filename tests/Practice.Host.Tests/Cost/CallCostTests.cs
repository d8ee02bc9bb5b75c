using System.Diagnostics.Metrics;

namespace Practice.Host.Tests.Cost;

/// <summary>
/// What the hot calls cost, in things that do not depend on the machine: commands sent to the database and bytes
/// allocated. docs/performance.md says what made them cheap.
/// </summary>
[Collection(Alone)]
public sealed class CallCostTests
{
    public const string Alone = "alone";

    private const int Calls = 100;

    /// <summary>
    /// Name, commands to the database, and kilobytes, including what the caller of the test allocates. The last is a
    /// quarter above what was measured.
    /// </summary>
    public static TheoryData<string, int, int> Hot =>
        new()
        {
            { "members", 1, 82 },
            { "member", 1, 32 },
            { "groups", 1, 70 },
            { "portal access", 1, 95 },
            { "location", 2, 75 },
            { "practitioners by FHIR", 1, 308 },
        };

    private static readonly Lazy<Task<Crowd>> Made = new(async () => await Crowd.MakeAsync(await TestApp.StartAsync()));

    [Theory]
    [MemberData(nameof(Hot))]
    public async Task A_hot_call_costs_no_more_than_it_did(string name, int commands, int kilobytes)
    {
        var crowd = await Made.Value;
        var group = $"/api/groups/{crowd.Group}";
        var member = (await crowd.Owner.Api.Get($"{group}/members?limit=1")).Items[0].GetProperty("userId").GetGuid();
        Func<Task<Answer>> call = name switch
        {
            "members" => () => crowd.Owner.Api.Get($"{group}/members?limit=20"),
            "member" => () => crowd.Owner.Api.Get($"{group}/members/{member}"),
            "practitioners by FHIR" => () => crowd.Owner.Api.Get($"/fhir/{group[5..]}/Practitioner?_count=20"),
            "groups" => () => crowd.Owner.Api.Get("/api/groups"),
            "portal access" => () => crowd.Owner.Api.Get($"/api/portal/accounts/{crowd.Account}/access?limit=20"),
            _ => () =>
                crowd.Owner.Api.Post($"{group}/locations", new { name = "Another", timeZone = "Australia/Melbourne" }),
        };
        for (var warm = 0; warm < Calls; warm++)
            Assert.InRange((await call()).Status, 200, 201);

        var module =
            name == "portal access" ? "portal"
            : name == "location" ? "locations"
            : "groups";
        var sent = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" })
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<double>(
            (_, _, tags, _) =>
            {
                foreach (var tag in tags)
                    if (tag.Value is string pool && pool == module)
                        Interlocked.Increment(ref sent);
            }
        );
        meters.Start();

        var least = long.MaxValue; // what else the process does now and then is not the call's
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Calls; i++)
                await call();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        Assert.Equal(commands, (double)sent / (5 * Calls), tolerance: 0.05);
        Assert.True(least <= kilobytes * 1024, $"{least} bytes a call");
    }
}

[CollectionDefinition(CallCostTests.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
