using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web;

/// <summary>The practice group that the address names, and what the person at the browser may do there; read once for a page.</summary>
public sealed class CurrentPractice(IHttpContextAccessor accessor, PracticeApi api)
{
    private Task<Practice>? _read;

    /// <exception cref="ApiRefusedException">404 where the person is no active member.</exception>
    public Task<Practice> ReadAsync() => _read ??= LoadAsync();

    private async Task<Practice> LoadAsync()
    {
        var id = Guid.Parse((string)accessor.HttpContext!.Request.RouteValues["groupId"]!);
        var me = api.GetMeAsync();
        var groups = api.AllMyGroupsAsync();
        var unread = api.CountUnreadNotificationsAsync();
        var person = (await me).Result;
        var access = (await api.ReadEffectiveAccessAsync(id, person.Id)).Result;
        var mine = await groups;
        return new Practice(mine.Single(group => group.Id == id), mine, access, person, (await unread).Result.Count);
    }

    /// <param name="Groups">All that the person is an active member of.</param>
    public sealed record Practice(
        MyGroup Group,
        IReadOnlyList<MyGroup> Groups,
        EffectiveAccess Access,
        MeView Me,
        int Unread
    )
    {
        public Guid Id => Group.Id;

        /// <summary>Where this practice's pages begin.</summary>
        public string Path => $"/practice/{Id}";

        /// <summary>Whether a setting of the access catalogue is on, by its name there.</summary>
        public bool May(string setting) => Access.Settings.TryGetValue(setting, out var on) && on;

        /// <summary>Whether the person may change what the setting opens.</summary>
        public bool MayChange(string setting) => May(setting) && !May("readOnly");
    }
}
