using System.Diagnostics;
using System.Text.Json;
using Practice.Authorization.Tests;

namespace Practice.Security.Tests;

/// <summary>
/// Every call of the API, by someone who may make it, with each field and filter replaced by something hostile: never a
/// 5xx, no status that the document does not name, nothing that takes a second of a processor.
/// </summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class FuzzTests
{
    private static readonly TimeSpan MaxProcessorTime = TimeSpan.FromSeconds(1);

    /// <summary>Also of the database. Other work on the machine makes every call slower.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    public static TheoryData<string> GroupRoutes() => Routes(GroupRows.All);

    public static TheoryData<string> PersonRoutes() => Routes(PersonRows.All);

    public static TheoryData<string> PortalRoutes() => Routes(PortalRows.All);

    [Theory]
    [MemberData(nameof(GroupRoutes))]
    public Task A_call_in_a_group_survives_hostile_input(string route) => TriesAsync(route, GroupRows.All, Cast.Staff);

    [Theory]
    [MemberData(nameof(PersonRoutes))]
    public Task A_call_of_a_person_survives_hostile_input(string route) =>
        TriesAsync(route, PersonRows.All, Cast.People);

    [Theory]
    [MemberData(nameof(PortalRoutes))]
    public Task A_call_in_a_portal_account_survives_hostile_input(string route) =>
        TriesAsync(route, PortalRows.All, Cast.Portal);

    private static TheoryData<string> Routes<TCaller>(IEnumerable<Row<TCaller>> rows)
        where TCaller : Caller => [.. rows.Select(row => row.Route).Distinct()];

    private static async Task TriesAsync<TCaller>(
        string route,
        IReadOnlyList<Row<TCaller>> rows,
        IReadOnlyList<TCaller> callers
    )
        where TCaller : Caller
    {
        var (world, operation) = (await World.StartedAsync(), (await ApiDocument.OfTheHostAsync()).Of(route));
        var (row, caller) = (
            from candidate in rows
            from who in callers
            where candidate.Route == route && candidate.Expected(who).Authorized
            select (candidate, who)
        ).First();
        var call = await row.Prepare(world, caller);
        var (method, path) = row.PathOf(call, caller);
        var api = call.Api ?? caller.Api;
        var file = call.Body is HttpContent content ? await content.ReadAsByteArrayAsync() : null;

        foreach (var name in operation.Query)
        foreach (var text in Hostile.Texts)
            await SendsAsync($"{path}?{name}={Uri.EscapeDataString(text)}", call.Body, call.ETag);

        if (call.Body is not (null or HttpContent))
        {
            var body = JsonSerializer.SerializeToNode(call.Body, JsonSerializerOptions.Web)!;
            foreach (var hostile in Hostile.BodiesLike(body))
            {
                if (await SendsAsync(path, hostile, call.ETag) >= 300)
                    continue;
                // What works once is used up.
                call = await row.Prepare(world, caller);
                (method, path) = row.PathOf(call, caller);
                api = call.Api ?? caller.Api;
            }
        }

        if (call.ETag is not null)
            foreach (var tag in new[] { "\"\"", "\"a b\"", "W/\"1\"", "garbage", $"\"{new string('9', 300)}\"" })
                await SendsAsync(path, call.Body, tag);
        if (call.Afterwards is not null)
            await call.Afterwards();

        async Task<int> SendsAsync(string to, object? body, string? etag)
        {
            for (var again = false; ; again = true)
            {
                var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                using var content = file is null ? null : new ByteArrayContent(file);
                if (content is not null)
                    content.Headers.ContentType = ((HttpContent)call.Body!).Headers.ContentType;
                var answer = await api.Send(method, to, content ?? body, etag);
                Assert.True(
                    answer.Status < 500 && operation.Statuses.Contains(answer.Status),
                    $"{answer.Status} is not in the document.{Environment.NewLine}{answer}"
                );
                var processor = Environment.CpuUsage.TotalTime - before;
                if (processor < MaxProcessorTime && clock.Elapsed < MaxTime)
                    return answer.Status;
                Assert.False(
                    again,
                    $"{clock.Elapsed}, {processor} of a processor, twice.{Environment.NewLine}{answer}"
                );
            }
        }
    }
}
