using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>Each setting alone: what it opens, and what it does not. The table must name every call in a practice group.</summary>
public sealed class SettingTests
{
    /// <summary>A patient, or a thing of theirs, that is not there: what the settings show of patients is the portal's tests' to tell.</summary>
    private const string Nobody = "00000000-0000-7000-8000-000000000000";

    private const string Anybody = "", Owner = "owner", Users = "manageUsers", Locations = "manageLocations";

    /// <summary>Every call in a group, by its operation: which setting opens it, and whether it only looks.</summary>
    private static readonly Dictionary<string, (string OpenedBy, bool Looks)> Calls = new()
    {
        ["ReadGroup"] = (Anybody, true),
        ["ChangeGroup"] = (Owner, false),
        ["ListAudit"] = (Users, true),
        ["ListMembers"] = (Anybody, true),
        ["ReadMember"] = (Anybody, true),
        ["AddUserToGroup"] = (Users, false),
        ["ImportMembers"] = (Users, false),
        ["ChangeProfession"] = (Users, false),
        ["ConvertMember"] = (Owner, false),
        ["SetTemporaryPassword"] = (Users, false),
        ["ReadAccess"] = (Anybody, true),
        ["ReadEffectiveAccess"] = (Anybody, true),
        ["ChangeAccess"] = (Users, false),
        ["PreviewAccess"] = (Users, true),
        ["PreviewDeactivation"] = (Users, true),
        ["DeactivateMember"] = (Users, false),
        ["ReactivateMember"] = (Users, false),
        ["LeaveGroup"] = (Anybody, true),
        ["ListInvitations"] = (Users, true),
        ["ReadInvitation"] = (Users, true),
        ["ChangeInvitation"] = (Users, false),
        ["ResendInvitation"] = (Users, false),
        ["WithdrawInvitation"] = (Users, false),
        ["ReadMemberLocations"] = (Anybody, true),
        ["AssignLocations"] = (Locations, false),
        ["ReadLocationMembers"] = (Anybody, true),
        ["AssignMembers"] = (Locations, false),
        ["ListPatients"] = (Anybody, true),
        ["AddPatient"] = (Anybody, false),
        ["ReadPatient"] = (Anybody, true),
        ["ChangePatient"] = (Anybody, false),
        ["InvitePatient"] = (Anybody, false),
        ["ListPatientAppointments"] = (Anybody, true),
        ["BookAppointment"] = (Anybody, false),
        ["CancelAppointment"] = (Anybody, false),
        ["ListInvoices"] = (Anybody, true),
        ["IssueInvoice"] = (Anybody, false),
        ["ListClinicalRecords"] = (Anybody, true),
        ["ReadClinicalRecord"] = (Anybody, true),
        ["AddClinicalRecord"] = (Anybody, false),
        ["ListAppointments"] = (Anybody, true),
        ["ListRequests"] = (Anybody, true),
        ["ConfirmRequest"] = (Anybody, false),
        ["DeclineRequest"] = (Anybody, false),
        ["ListLocations"] = (Anybody, true),
        ["ReadLocation"] = (Anybody, true),
        ["CreateLocation"] = (Locations, false),
        ["ChangeLocation"] = (Locations, false),
        ["ArchiveLocation"] = (Locations, false),
        ["RestoreLocation"] = (Locations, false),
    };

    private static readonly string[] Names =
    [
        "othersPatients", "othersCalendars", "othersInvoices", "othersClinicalRecords", "financialReports", "exportData",
        "manageUsers", "manageLocations", "restrictToAssignedLocations", "hidePatientNames", "readOnly",
    ];

    public static TheoryData<string> Settings() => [.. Names];

    [Fact]
    public async Task The_table_names_every_call_in_a_group() =>
        Assert.Equal((await Operations()).Select(operation => operation.Id).Order(StringComparer.Ordinal), Calls.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_table_names_every_setting()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        var effective = await group.Owner.Api.Get($"{group.Path}/members/{group.Owner.Id}/effective-access");
        Assert.Equal(effective["settings"].EnumerateObject().Select(setting => setting.Name).Order(StringComparer.Ordinal), Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_setting_alone_opens_its_own_calls_and_no_others(string setting)
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        var member = await group.AddsNewPerson("personal", "practitioner", new() { [setting] = true }, group.LocationId);
        await Expect(group, member, call => call.OpenedBy == Anybody || call.OpenedBy == setting);
    }

    [Fact]
    public async Task Who_may_only_look_changes_nothing_whatever_else_they_may()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        var member = await group.AddsNewPerson("full", settings: new() { ["readOnly"] = true }, locations: group.LocationId);
        await Expect(group, member, call => call.Looks);
    }

    [Fact]
    public async Task An_owner_may_everything()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        await Expect(group, group.Owner, _ => true);
    }

    /// <summary>Tries every call. What is open may be refused for its (empty) body or for what it names, but never as not allowed.</summary>
    private static async Task Expect(Group group, Person member, Func<(string OpenedBy, bool Looks), bool> open)
    {
        var invited = await group.Host.SignUpAndConfirm();
        var invitation = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "reception"))).Should(201)["invitationId"].GetGuid();
        foreach (var (id, method, template) in (await Operations()).OrderBy(operation => operation.Id == "LeaveGroup"))
        {
            var path = template.Replace("{groupId}", $"{group.Id}", StringComparison.Ordinal).Replace("{userId}", $"{member.Id}", StringComparison.Ordinal)
                .Replace("{locationId}", $"{group.LocationId}", StringComparison.Ordinal).Replace("{invitationId}", $"{invitation}", StringComparison.Ordinal)
                .Replace("{patientId}", Nobody, StringComparison.Ordinal).Replace("{requestId}", Nobody, StringComparison.Ordinal)
                .Replace("{appointmentId}", Nobody, StringComparison.Ordinal).Replace("{recordId}", Nobody, StringComparison.Ordinal);
            var answer = await member.Api.Send(method, path, method == HttpMethod.Get ? null : id == "ImportMembers" ? Csv() : "{}", method == HttpMethod.Put ? "*" : null);
            var allowed = answer.Code != "auth.not_allowed";
            Assert.True(allowed == open(Calls[id]), $"{id} should be {(open(Calls[id]) ? "open" : "closed")}: {answer}");
            Assert.True(answer.Status is < 500 and not 415 and not 401 and not 405, $"{answer}");
            Assert.True(answer.Status != 404 || path.Contains(Nobody, StringComparison.Ordinal), $"The call was let in to nothing, which proves nothing: {answer}");
        }
    }

    private static StringContent Csv() => new("nothing", new System.Net.Http.Headers.MediaTypeHeaderValue("text/csv"));

    private static async Task<List<(string Id, HttpMethod Method, string Path)>> Operations()
    {
        var document = (await (await TestApp.StartedAsync()).Api.Get("/openapi/v1.json")).Should(200)["paths"];
        return [.. from path in document.EnumerateObject()
                   where path.Name.StartsWith("/api/groups/{groupId}", StringComparison.Ordinal)
                   from operation in path.Value.EnumerateObject()
                   where operation.Value.ValueKind == JsonValueKind.Object && operation.Value.TryGetProperty("operationId", out _)
                   select (operation.Value.GetProperty("operationId").GetString()!, new HttpMethod(operation.Name.ToUpperInvariant()), path.Name)];
    }
}
