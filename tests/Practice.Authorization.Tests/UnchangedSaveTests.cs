namespace Practice.Authorization.Tests;

/// <summary>It compares what the whole database holds before and after a call.</summary>
[CollectionDefinition(nameof(UnchangedSaveTests), DisableParallelization = true)]
public sealed class NothingBesides;

/// <summary>
/// Who saves what is stored already has changed nothing: the call succeeds, and leaves no entry in the audit, no event
/// and no new version.
/// </summary>
[Collection(nameof(UnchangedSaveTests))]
public sealed class UnchangedSaveTests
{
    public static TheoryData<string> InGroups() => Names(GroupRows.All, Cast.Staff);

    public static TheoryData<string> OfPeople() => Names(PersonRows.All, Cast.People);

    public static TheoryData<string> InAccounts() => Names(PortalRows.All, Cast.Portal);

    [Theory]
    [MemberData(nameof(InGroups))]
    public Task In_a_group_what_is_saved_again_changes_nothing(string name) =>
        SavesTwiceAsync(name, GroupRows.All, Cast.Staff);

    [Theory]
    [MemberData(nameof(OfPeople))]
    public Task Of_a_person_what_is_saved_again_changes_nothing(string name) =>
        SavesTwiceAsync(name, PersonRows.All, Cast.People);

    [Theory]
    [MemberData(nameof(InAccounts))]
    public Task In_a_portal_account_what_is_saved_again_changes_nothing(string name) =>
        SavesTwiceAsync(name, PortalRows.All, Cast.Portal);

    private static TheoryData<string> Names<TCaller>(IReadOnlyList<Row<TCaller>> rows, IReadOnlyList<TCaller> callers)
        where TCaller : Caller =>
        [
            .. rows.Where(row => row.Route.StartsWith("PUT ", StringComparison.Ordinal))
                .Where(row => callers.Any(caller => Succeeds(row, caller)))
                .Select(row => row.Name),
        ];

    private static bool Succeeds<TCaller>(Row<TCaller> row, TCaller caller)
        where TCaller : Caller => row.Expected(caller).Status is >= 200 and < 300;

    private static async Task SavesTwiceAsync<TCaller>(
        string name,
        IReadOnlyList<Row<TCaller>> rows,
        IReadOnlyList<TCaller> callers
    )
        where TCaller : Caller
    {
        var (world, row) = (await World.StartedAsync(), rows.Single(row => row.Name == name));
        await world.Webhook(); // otherwise there are no events for webhooks
        var caller = callers.First(caller => Succeeds(row, caller));
        var call = await row.Prepare(world, caller);
        var (method, path) = row.PathOf(call, caller);
        var api = call.Api ?? caller.Api;
        await SendsAsync();
        await world.App.SettlesAsync();
        var tag = await TagAsync(); // what is read may be in the audit
        var left = await LeftAsync(world);

        await SendsAsync();

        Assert.Equal([], (await LeftAsync(world)).Except(left));
        Assert.Equal(tag, await TagAsync());
        if (call.Afterwards is not null)
            await call.Afterwards();

        async Task SendsAsync() =>
            Assert.InRange((await api.Send(method, path, call.Body, call.ETag)).Status, 200, 299);

        // Some are read elsewhere; then there is none.
        async Task<string?> TagAsync() => call.ETag is null ? null : (await api.Get(path)).ETag;
    }

    /// <summary>Entries of the audit, and messages.</summary>
    private static async Task<List<string>> LeftAsync(World world)
    {
        var rows = await world.App.Owner.Rows(
            """
            select act || ' ' || id from audit.entries
            union all select message_type || ' ' || id from messaging.wolverine_incoming_envelopes
            """
        );
        return rows.ConvertAll(row => (string)row[0]!);
    }
}
