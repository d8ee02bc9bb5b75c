using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>Each setting alone: what it opens, and what it does not. The table must name every call in a practice group.</summary>
public sealed class SettingTests
{
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
        ["ListLocations"] = (Anybody, true),
        ["ReadLocation"] = (Anybody, true),
        ["CreateLocation"] = (Locations, false),
        ["ChangeLocation"] = (Locations, false),
        ["ArchiveLocation"] = (Locations, false),
        ["RestoreLocation"] = (Locations, false),
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
        await Expect(group, member, call => (call.OpenedBy == Anybody && (call.Looks || setting != "readOnly")) || call.OpenedBy == setting);
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
        var (patient, appointment, record, request) = await OwnPatientOf(member, group);
        foreach (var (id, method, template) in (await Operations()).OrderBy(operation => operation.Id == "LeaveGroup"))
        {
            var path = template.Replace("{groupId}", $"{group.Id}", StringComparison.Ordinal).Replace("{userId}", $"{member.Id}", StringComparison.Ordinal)
                .Replace("{locationId}", $"{group.LocationId}", StringComparison.Ordinal).Replace("{invitationId}", $"{invitation}", StringComparison.Ordinal)
                .Replace("{patientId}", $"{patient}", StringComparison.Ordinal).Replace("{appointmentId}", $"{appointment}", StringComparison.Ordinal)
                .Replace("{recordId}", $"{record}", StringComparison.Ordinal).Replace("{requestId}", $"{request}", StringComparison.Ordinal);
            var answer = await member.Api.Send(method, path, method == HttpMethod.Get ? null : id == "ImportMembers" ? Csv() : "{}", method == HttpMethod.Put ? "*" : null);
            var allowed = answer.Code != "auth.not_allowed";
            Assert.True(allowed == open(Calls[id]), $"{id} should be {(open(Calls[id]) ? "open" : "closed")}: {answer}");
            Assert.True(answer.Status is < 500 and not 415 and not 401 and not 405, $"{answer}");
            Assert.True(answer.Status != 404, $"The call was let in to nothing, which proves nothing: {answer}");
        }
    }

    /// <summary>A patient whom the member sees whatever their level, with an appointment, a record and a request that they see as well.</summary>
    private static async Task<(Guid Patient, Guid Appointment, Guid Record, Guid Request)> OwnPatientOf(Person member, Group group)
    {
        var sql = (await TestApp.StartedAsync()).Owner;
        var added = await group.Owner.Api.Post($"{group.Path}/patients", new { firstName = "Jo", lastName = "Reed", dateOfBirth = "1990-02-03", locationId = group.LocationId });
        var patient = added.Should(201).Id;
        await sql.Execute("update portal.patients set added_by_id = $1 where id = $2", member.Id, patient);
        var (appointment, record, request) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await sql.Execute("""
            insert into portal.appointments (id, group_id, patient_id, practitioner_id, practitioner_name, location_id, location_name, starts_at, ends_at, status)
            values ($1, $2, $3, $4, 'Ada', $5, 'Main street', now() + interval '1 day', now() + interval '25 hours', 'Booked')
            """, appointment, group.Id, patient, member.Id, group.LocationId);
        await sql.Execute("""
            insert into portal.clinical_records (id, group_id, patient_id, author_id, author_name, kind, title, body, recorded_at)
            values ($1, $2, $3, $4, 'Ada', 'Note', 'Visit', 'Stiff.', now())
            """, record, group.Id, patient, member.Id);
        await sql.Execute("""
            insert into portal.requests (id, group_id, patient_id, account_id, kind, sent_by_name, acting_for, status, sent_at)
            values ($1, $2, $3, gen_random_uuid(), 'Appointment', 'Jo Reed', 'Jo Reed', 'Open', now())
            """, request, group.Id, patient);
        return (patient, appointment, record, request);
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
