using Practice.Client;

namespace Practice.Web;

/// <summary>Lists that a page needs whole, such as to choose from: read page by page, in as few calls as may be.</summary>
internal static class Lists
{
    private const int Most = 200;

    /// <summary>The practice's locations by name; for somebody restricted to theirs, those.</summary>
    public static async Task<IReadOnlyList<LocationView>> AllLocationsAsync(this PracticeApi api, Guid groupId) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListLocationsAsync(groupId, Most, after)).Result;
            return (page.Items, page.Next);
        });

    public static async Task<IReadOnlyList<MemberView>> AllActiveMembersAsync(
        this PracticeApi api,
        Guid groupId,
        string? roleType = null
    ) =>
        await AllAsync(async after =>
        {
            var page = (
                await api.ListMembersAsync(groupId, status: "active", roleType: roleType, limit: Most, after: after)
            ).Result;
            return (page.Items, page.Next);
        });

    /// <summary>The practices in which the person works.</summary>
    public static async Task<IReadOnlyList<MyGroup>> AllMyGroupsAsync(this PracticeApi api) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListMyGroupsAsync(Most, after)).Result;
            return (page.Items, page.Next);
        });

    /// <summary>Those that can be assigned.</summary>
    public static IEnumerable<LocationView> Open(this IEnumerable<LocationView> locations) =>
        locations.Where(location => location.Status == LocationStatus.Active);

    /// <summary>The zone in which a practice's own times are told: its first open location's.</summary>
    public static string TimeZone(this IReadOnlyList<LocationView> locations) =>
        locations.OrderBy(location => location.Status).Select(location => location.TimeZone).FirstOrDefault()
        ?? "Etc/UTC";

    private static async Task<List<T>> AllAsync<T>(Func<string?, Task<(IReadOnlyList<T> Items, string? Next)>> read)
    {
        var all = new List<T>();
        string? next = null;
        do
        {
            (var items, next) = await read(next);
            all.AddRange(items);
        } while (next is not null);
        return all;
    }
}
