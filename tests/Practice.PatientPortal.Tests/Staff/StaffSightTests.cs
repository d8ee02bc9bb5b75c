using System.Text.Json;
using Practice.PatientPortal.Tests.Portal;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>
/// What each setting alone shows of a practice's patients. There are two practitioners and two locations; each practitioner has
/// a patient of their own at one of the locations, with an appointment, an invoice and a clinical record.
/// </summary>
public sealed class StaffSightTests
{
    private const string Everything = "patients appointments invoices records";

    /// <summary>A setting, and what of the other practitioner's patient it shows beside what it shows with <c>othersPatients</c> alone.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("othersPatients", "patients")]
    [InlineData("othersPatients othersCalendars", "patients appointments")]
    [InlineData("othersPatients othersInvoices", "patients invoices")]
    [InlineData("othersPatients othersClinicalRecords", "patients records")]
    [InlineData("othersPatients othersCalendars othersInvoices othersClinicalRecords", Everything)]
    [InlineData("othersCalendars", "")]
    [InlineData("othersInvoices", "")]
    [InlineData("othersClinicalRecords", "")]
    [InlineData("financialReports", "")]
    [InlineData("exportData", "")]
    [InlineData("manageUsers", "")]
    [InlineData("manageLocations", "")]
    [InlineData("othersPatients readOnly", "patients")]
    [InlineData("othersPatients othersCalendars othersInvoices othersClinicalRecords restrictToAssignedLocations", "")]
    [InlineData("othersPatients othersCalendars othersInvoices othersClinicalRecords hidePatientNames", Everything)]
    public async Task A_setting_shows_of_others_patients_what_it_says_and_no_more(string settings, string shown)
    {
        var practice = await Shared.Value;
        var member = await practice.Clinic.Group.AddsNewPerson("personal", "practitioner", Switches(settings), practice.Elsewhere);
        var (path, api) = ($"{practice.Clinic.Path}/patients/{practice.Patient}", member.Api);

        var listed = (await api.GetAll($"{practice.Clinic.Path}/patients")).Select(Id).ToList();
        var seen = new List<string>();
        if (listed.Contains(practice.Patient))
            seen.Add("patients");
        if ((await api.GetAll($"{practice.Clinic.Path}/appointments")).Select(Id).Contains(practice.Appointment))
            seen.Add("appointments");
        if (listed.Contains(practice.Patient))
        {
            (await api.Get(path)).Should(200);
            Assert.Equal(seen.Contains("appointments"), (await api.GetAll($"{path}/appointments")).Select(Id).Contains(practice.Appointment));
            if ((await api.GetAll($"{path}/invoices")).Select(Id).Contains(practice.Invoice))
                seen.Add("invoices");
            if ((await api.GetAll($"{path}/clinical-records")).Select(Id).Contains(practice.Record))
                seen.Add("records");
            (await api.Get($"{path}/clinical-records/{practice.Record}")).Should(seen.Contains("records") ? 200 : 404);
        }
        else
        {
            foreach (var what in new[] { "", "/appointments", "/invoices", "/clinical-records", $"/clinical-records/{practice.Record}" })
                (await api.Get(path + what)).Should(404);
            (await api.Post($"{path}/invite")).Should(404);
            (await api.Post($"{path}/clinical-records", new { kind = "note", title = "T", body = "B", recordedAt = "2026-11-01T10:00:00Z" })).Should(404);
        }

        Assert.Equal(shown.Split(' ', StringSplitOptions.RemoveEmptyEntries), seen);
    }

    [Fact]
    public async Task Ones_own_patients_are_those_one_has_added_or_has_an_appointment_with()
    {
        var practice = await Shared.Value;
        var member = await practice.Clinic.Group.AddsNewPerson("personal", "practitioner");
        var own = (await member.Api.Post($"{practice.Clinic.Path}/patients", new { firstName = "Own", lastName = "Patient", dateOfBirth = Holders.Born })).Should(201).Id;
        Assert.Equal([own], (await member.Api.GetAll($"{practice.Clinic.Path}/patients")).Select(Id));
        var starts = DateTimeOffset.UtcNow.AddDays(2);
        (await practice.Clinic.Api.Post($"{practice.Clinic.Path}/patients/{practice.Patient}/appointments", new
        {
            startsAt = starts,
            endsAt = starts.AddHours(1),
            practitionerId = member.Id,
            locationId = practice.Clinic.Group.LocationId,
        })).Should(201);
        Assert.Equal([practice.Patient, own], (await member.Api.GetAll($"{practice.Clinic.Path}/patients")).Select(Id));
        Assert.DoesNotContain(practice.Record, (await member.Api.GetAll($"{practice.Clinic.Path}/patients/{practice.Patient}/clinical-records")).Select(Id));
        (await member.Api.Post($"{practice.Clinic.Path}/patients/{own}/appointments", new
        {
            startsAt = starts,
            endsAt = starts.AddHours(1),
            practitionerId = practice.Clinic.Practitioner.Id,
            locationId = practice.Clinic.Group.LocationId,
        })).Should(403, "auth.not_allowed");
    }

    [Fact]
    public async Task Who_is_restricted_to_locations_sees_the_patients_of_theirs_and_none_without_one()
    {
        var practice = await Shared.Value;
        var everything = "othersPatients othersCalendars othersInvoices othersClinicalRecords restrictToAssignedLocations";
        var here = await practice.Clinic.Group.AddsNewPerson("personal", "practitioner", Switches(everything), practice.Clinic.Group.LocationId);
        var nowhere = await practice.Clinic.Group.AddsNewPerson("personal", "practitioner", Switches(everything));
        var roaming = await practice.Clinic.AddsPatient();
        var seen = (await here.Api.GetAll($"{practice.Clinic.Path}/patients")).Select(Id).ToList();
        Assert.Contains(practice.Patient, seen);
        Assert.DoesNotContain(roaming, seen);
        (await here.Api.Get($"{practice.Clinic.Path}/patients/{roaming}")).Should(404);
        (await here.Api.Get($"{practice.Clinic.Path}/patients/{practice.Patient}/clinical-records/{practice.Record}")).Should(200);
        Assert.Empty(await nowhere.Api.GetAll($"{practice.Clinic.Path}/patients"));
        Assert.Empty(await nowhere.Api.GetAll($"{practice.Clinic.Path}/appointments"));

        var body = new Dictionary<string, object?> { ["firstName"] = "A", ["lastName"] = "B", ["dateOfBirth"] = Holders.Born };
        (await here.Api.Post($"{practice.Clinic.Path}/patients", body)).Should(422, "portal.location_required");
        (await here.Api.Post($"{practice.Clinic.Path}/patients", new Dictionary<string, object?>(body) { ["locationId"] = practice.Elsewhere })).Should(403, "auth.not_allowed");
        (await here.Api.Post($"{practice.Clinic.Path}/patients", new Dictionary<string, object?>(body) { ["locationId"] = practice.Clinic.Group.LocationId })).Should(201);
    }

    [Fact]
    public async Task Who_may_not_see_names_sees_codes_and_learns_no_name_by_any_call()
    {
        var app = await TestApp.StartedAsync();
        var (clinic, holder) = (await Clinic.New(app), await app.NewHolder());
        var patient = await clinic.AddsPatient(email: holder.Email, firstName: "Zebedee");
        (await holder.Api.Post("/api/portal/claims", new { token = await clinic.Invites(patient, holder.Email) })).Should(204);
        await clinic.AddsRecords(patient);
        (await holder.Api.Post($"{holder.Path}/health-notes", new { text = "A note" })).Should(201);
        (await holder.Api.Put($"{holder.Path}/details", new { phone = "0400 123 123" }, "*")).Should(204);
        var member = await clinic.Group.AddsNewPerson("full", settings: Switches("hidePatientNames"));

        string[] names = ["Zebedee", "Sunderland", holder.Email, holder.Person.LastName, "0400 123 123"];
        foreach (var path in new[] { "/patients", $"/patients/{patient}", "/appointments", $"/patients/{patient}/appointments", "/requests", $"/patients/{patient}/invoices" })
        {
            var text = (await member.Api.Get(clinic.Path + path)).Should(200).Text;
            Assert.All(names, name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
            Assert.True(text.Length > 40, $"{path} shows nothing, which proves nothing: {text}");
        }

        foreach (var sought in names[..4])
            Assert.Empty((await member.Api.Get($"{clinic.Path}/patients?search={Uri.EscapeDataString(sought)}")).Should(200).Items);
        var code = (await member.Api.Get($"{clinic.Path}/patients/{patient}"))["code"].GetString();
        Assert.Equal([patient], (await member.Api.Get($"{clinic.Path}/patients?search={code}")).Items.Select(Id));
        Assert.Equal([patient], (await clinic.Api.Get($"{clinic.Path}/patients?search=zebedee%20sunderland")).Items.Select(Id));
    }

    [Fact]
    public async Task Clinical_records_are_written_by_practitioners_or_who_sees_others()
    {
        var practice = await Shared.Value;
        var record = new { kind = "note", title = "T", body = "Line one\nline two", recordedAt = "2026-11-01T10:00:00Z" };
        var path = $"{practice.Clinic.Path}/patients/{practice.Patient}/clinical-records";
        (await (await practice.Clinic.Group.AddsNewPerson("reception")).Api.Post(path, record)).Should(403, "auth.not_allowed");
        (await (await practice.Clinic.Group.AddsNewPerson("contact", "practitioner")).Api.Post(path, record)).Should(201);
        (await (await practice.Clinic.Group.AddsNewPerson("full")).Api.Post(path, record)).Should(201);
        (await (await practice.Clinic.Group.AddsNewPerson("full", settings: Switches("readOnly"))).Api.Post(path, record)).Should(403, "auth.not_allowed");
    }

    private sealed record Scene(Clinic Clinic, Guid Elsewhere, Guid Patient, Guid Appointment, Guid Invoice, Guid Record);

    private static readonly Lazy<Task<Scene>> Shared = new(async () =>
    {
        var clinic = await Clinic.New(await TestApp.StartedAsync());
        var elsewhere = (await clinic.Api.Post($"{clinic.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/Paris" })).Should(201).Id;
        var patient = await clinic.AddsPatient(locationId: clinic.Group.LocationId);
        var (appointment, invoice, record) = await clinic.AddsRecords(patient);
        return new Scene(clinic, elsewhere, patient, appointment, invoice, record);
    });

    private static Dictionary<string, bool> Switches(string settings) =>
        settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(setting => setting, _ => true);

    private static Guid Id(JsonElement item) => item.GetProperty("id").GetGuid();
}
