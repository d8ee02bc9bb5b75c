using Practice.Client;

namespace Practice.Web;

/// <summary>Reads whole lists, for example for a select field, in as few calls as possible.</summary>
internal static class PracticeApiExtensions
{
    private const int MaxPageSize = 200;

    /// <summary>
    /// The practice's locations by name; only the assigned ones for a person who is restricted to them.
    /// </summary>
    public static async Task<IReadOnlyList<LocationView>> AllLocationsAsync(this PracticeApi api, Guid groupId) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListLocationsAsync(groupId, MaxPageSize, after)).Result;
            return (page.Items, page.Next);
        });

    public static async Task<IReadOnlyList<MemberView>> AllActiveMembersAsync(
        this PracticeApi api,
        Guid groupId,
        RoleType? roleType = null
    ) =>
        await AllAsync(async after =>
        {
            var page = (
                await api.ListMembersAsync(
                    groupId,
                    status: MemberStatus.Active,
                    roleType: roleType,
                    limit: MaxPageSize,
                    after: after
                )
            ).Result;
            return (page.Items, page.Next);
        });

    /// <summary>The practices of which the person is an active member.</summary>
    public static async Task<IReadOnlyList<MyGroup>> AllMyGroupsAsync(this PracticeApi api) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListMyGroupsAsync(MaxPageSize, after)).Result;
            return (page.Items, page.Next);
        });

    /// <summary>The portal accounts that the person may open.</summary>
    public static async Task<IReadOnlyList<OpenableAccount>> AllPortalAccountsAsync(this PracticeApi api) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListPortalAccountsAsync(MaxPageSize, after)).Result;
            return (page.Items, page.Next);
        });

    /// <summary>The invitations to practices that the person can answer.</summary>
    public static async Task<IReadOnlyList<MyInvitation>> AllMyInvitationsAsync(this PracticeApi api) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListMyInvitationsAsync(MaxPageSize, after)).Result;
            return (page.Items, page.Next);
        });

    /// <summary>What guardians ask the person, as long as it can be answered.</summary>
    public static async Task<IReadOnlyList<GuardianshipView>> AllGuardianshipsAsync(this PracticeApi api) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListGuardianshipsAsync(MaxPageSize, after)).Result;
            return (page.Items, page.Next);
        });

    /// <summary>The practice's invitations that wait for an answer.</summary>
    public static async Task<IReadOnlyList<GroupInvitation>> AllPendingInvitationsAsync(
        this PracticeApi api,
        Guid groupId
    ) =>
        await AllAsync(async after =>
        {
            var page = (await api.ListInvitationsAsync(groupId, InvitationStatus.Pending, MaxPageSize, after)).Result;
            return (page.Items, page.Next);
        });

    /// <summary>Those that are not archived.</summary>
    public static IEnumerable<LocationView> Open(this IEnumerable<LocationView> locations) =>
        locations.Where(location => location.Status == LocationStatus.Active);

    /// <summary>The practice's time zone: that of its first open location.</summary>
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
