using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web;

/// <summary>The practice in the address, and the signed-in person's access to it. Read once per page.</summary>
public sealed class CurrentPractice(IHttpContextAccessor accessor, PracticeApi api)
{
    private Task<Practice>? _read;

    /// <exception cref="ApiProblemException">404 where the person is not an active member.</exception>
    public Task<Practice> ReadAsync() => _read ??= LoadAsync();

    private async Task<Practice> LoadAsync()
    {
        var id = Guid.Parse((string)accessor.HttpContext!.Request.RouteValues["groupId"]!);
        var me = api.GetMeAsync();
        var groups = api.AllMyGroupsAsync();
        var unread = api.CountUnreadNotificationsAsync();
        var requests = api.CountOpenRequestsAsync(id);
        var person = (await me).Result;
        var access = (await api.ReadEffectiveAccessAsync(id, person.Id)).Result;
        var mine = await groups;
        return new Practice(
            // Gone since the access was read: as if it had been read later.
            mine.SingleOrDefault(group => group.Id == id) ?? throw ApiProblemException.NotFound(),
            mine,
            access,
            person,
            (await unread).Result.Count,
            (await requests).Result.Count
        );
    }

    /// <param name="Groups">All practices of which the person is an active member.</param>
    /// <param name="Requests">How many open requests the person may answer.</param>
    public sealed record Practice(
        MyGroup Group,
        IReadOnlyList<MyGroup> Groups,
        EffectiveAccess Access,
        MeView Me,
        int Unread,
        int Requests
    )
    {
        public Guid Id => Group.Id;

        /// <summary>The path of this practice's pages.</summary>
        public string Path => $"/practice/{Id}";

        public bool IsPractitioner => Group.RoleType == RoleType.Practitioner;

        /// <summary>The person as the practitioner of an appointment; null where they are none.</summary>
        public Guid? OwnPractitionerId => IsPractitioner ? Me.Id : null;

        /// <summary>Whether the person can book appointments, for others or only for themselves.</summary>
        public bool MayBook => !May("readOnly") && (May("othersCalendars") || IsPractitioner);

        /// <summary>Entries of the audit name no location, so it cannot be narrowed to some.</summary>
        public bool MayReadAudit => May("manageUsers") && !May("restrictToAssignedLocations");

        public bool SeesPatientNames => May("othersPatients") && !May("hidePatientNames");

        /// <summary>Whether the person is not restricted to locations, or works at all of these.</summary>
        public bool MayAssign(IEnumerable<Guid> locationIds) =>
            !May("restrictToAssignedLocations")
            || (Access.LocationIds.Count > 0 && locationIds.All(Access.LocationIds.Contains));

        /// <summary>Whether an access setting is on, by its name in the API.</summary>
        public bool May(string setting) => Access.Settings.TryGetValue(setting, out var on) && on;

        /// <summary>Whether the setting is on and the person is not read only.</summary>
        public bool MayChange(string setting) => May(setting) && !May("readOnly");
    }
}
