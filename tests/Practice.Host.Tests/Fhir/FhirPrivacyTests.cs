using System.Text.Json;
using Hl7.Fhir.Model;
using Practice.Host.Demo;
#nullable disable warnings // of FHIR any part may be missing: then the test fails
using Task = System.Threading.Tasks.Task;

namespace Practice.Host.Tests.Fhir;

[Collection(nameof(FhirPractice))] // one after the other: one counts what is read of a patient
public sealed class FhirPrivacyTests
{
    [Fact]
    public async Task A_member_who_may_not_see_names_reads_codes_and_finds_nobody_by_name()
    {
        var practice = await FhirPractice.StartedAsync();
        var chen = await practice.SignInAsync(DemoPeople.Podiatrist.Person.Email);
        var id = (await practice.SearchAsync<Practitioner>(practice.Owner, "Practitioner?name=Chen")).Single().Id;
        var access = $"{practice.Api}/members/{id}/access";
        (
            await practice.Owner.Change(
                access,
                new { accessLevel = "contact", settings = new { hidePatientNames = true } }
            )
        ).Should(204);

        var seen = await practice.SearchAsync<Patient>(chen, "Patient?_count=200");
        var named = await practice.SearchAsync<Patient>(practice.Owner, "Patient?_count=200");
        Assert.Equal(named.Count, seen.Count);
        Assert.All(seen, patient =>
            Assert.True(patient.Name.Count + patient.Telecom.Count + patient.Address.Count + patient.Contact.Count == 0)
        );
        foreach (var patient in named.Take(3))
        {
            var family = Uri.EscapeDataString(patient.Name[0].Family);
            Assert.Empty(await practice.SearchAsync<Patient>(chen, $"Patient?name={family}"));
            Assert.Empty(await practice.SearchAsync<Patient>(chen, $"Patient?name:exact={family}"));
        }

        foreach (var type in new[] { "Appointment", "Invoice" })
        {
            var texts = (await chen.Get($"{practice.Path}/{type}?_count=200")).Text;
            Assert.All(named, patient => Assert.DoesNotContain(patient.Name[0].Text, texts, StringComparison.Ordinal));
        }

        (await practice.Owner.Change(access, new { accessLevel = "contact", settings = new { } })).Should(204);
    }

    [Fact]
    public async Task What_is_read_by_FHIR_is_in_the_patients_access_log_and_in_the_audit()
    {
        var practice = await FhirPractice.StartedAsync();
        var mother = await practice.SignInAsync(DemoPeople.Mother.Email);
        var account = await OwnAccount(mother);
        var patient = (await practice.SearchAsync<Patient>(practice.Owner, "Patient?name=Mara")).Single().Id;
        foreach (
            var (call, acts) in new[]
            {
                ($"Patient/{patient}", "portal.patient_opened"),
                ($"Appointment?patient={patient}", "portal.calendar_opened"),
                ($"Invoice?patient={patient}", "portal.invoices_opened"),
                ($"DocumentReference?patient={patient}", "portal.clinical_records_opened"),
            }
        )
        {
            var (before, audited) = (await LogAsync(), await AuditAsync(acts));
            var answer = await practice.Owner.Get($"{practice.Path}/{call}");
            Assert.Equal(200, answer.Status);
            var shown =
                call.StartsWith("Patient/", StringComparison.Ordinal)
                || call.StartsWith("Doc", StringComparison.Ordinal)
                || answer.Json.TryGetProperty("entry", out _);
            Assert.True(await LogAsync() == before + (shown ? 1 : 0), call);
            Assert.True(await AuditAsync(acts) == audited + 1, call);
        }

        async Task<int> LogAsync() => (await mother.GetAll($"/api/portal/accounts/{account}/access-log")).Count;

        async Task<int> AuditAsync(string act) =>
            (await practice.Owner.GetAll($"{practice.Api}/audit?act={act}")).Count;
    }

    [Fact]
    public async Task A_consent_says_what_a_grant_opens_and_is_inactive_while_the_practice_pauses_it()
    {
        var practice = await FhirPractice.StartedAsync();
        var patient = (await practice.SearchAsync<Patient>(practice.Owner, "Patient?name=Mara")).Single().Id;
        var consent = (await practice.SearchAsync<Consent>(practice.Owner, $"Consent?patient={patient}")).Single();
        Assert.Equal(Consent.ConsentState.Active, consent.Status);
        Assert.Equal(["access"], consent.Provision.Action.Select(action => action.Coding[0].Code));
        Assert.Equal(["Appointment", "Invoice"], consent.Provision.Class.Select(type => type.Code));
        var related = consent.Provision.Actor[0].Reference.Reference;
        var person = FhirPractice.Read<RelatedPerson>(await practice.Owner.Get($"{practice.Path}/{related}"));
        Assert.Equal(DemoPeople.Father.Email, Assert.Single(person.Telecom).Value);
        Assert.Empty(person.Name); // he did not request access, so the practice knows only the address

        var list = await practice.Owner.GetAll($"{practice.Api}/patients/{patient}/access");
        var access = $"{practice.Api}/patients/{patient}/access/{list.Single().GetProperty("grantId").GetGuid()}";
        (await practice.Owner.Post($"{access}/pause", new { reason = "A court order" })).Should(204);
        var paused = await practice.Owner.Get($"{practice.Path}/Consent/{consent.Id}");
        Assert.Equal(Consent.ConsentState.Inactive, FhirPractice.Read<Consent>(paused).Status);
        (await practice.Owner.Post($"{access}/resume")).Should(204);
    }

    [Fact]
    public async Task The_practice_sees_the_last_day_of_a_grant_in_the_API_and_in_FHIR()
    {
        var practice = await FhirPractice.StartedAsync();
        var mother = await practice.SignInAsync(DemoPeople.Mother.Email);
        var account = await OwnAccount(mother);
        var grants = $"/api/portal/accounts/{account}/access";
        var grant = (await mother.GetAll(grants)).Single(one => one.GetProperty("status").GetString() == "current");
        var last = $"{DateTime.UtcNow.AddDays(30):yyyy-MM-dd}";
        (await Ends(last)).Should(204);

        var patient = (await practice.SearchAsync<Patient>(practice.Owner, "Patient?name=Mara")).Single().Id;
        var seen = (await practice.Owner.GetAll($"{practice.Api}/patients/{patient}/access")).Single();
        var consent = (await practice.SearchAsync<Consent>(practice.Owner, $"Consent?patient={patient}")).Single();
        Assert.Equal((last, last), (seen.GetProperty("endsOn").GetString(), consent.Provision.Period.End));

        (await Ends(null)).Should(204);
        seen = (await practice.Owner.GetAll($"{practice.Api}/patients/{patient}/access")).Single();
        consent = (await practice.SearchAsync<Consent>(practice.Owner, $"Consent?patient={patient}")).Single();
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("endsOn").ValueKind);
        Assert.Null(consent.Provision.Period);

        Task<Answer> Ends(string? on) =>
            mother.Change(
                $"{grants}/{grant.GetProperty("grantId").GetGuid()}",
                new
                {
                    status = "current",
                    role = grant.GetProperty("role").GetString(),
                    level = grant.GetProperty("level").GetString(),
                    endsOn = on,
                }
            );
    }

    private static async Task<Guid> OwnAccount(ApiClient person) =>
        (await person.GetAll("/api/portal/accounts"))
            .Single(one => one.GetProperty("relation").GetString() == "self")
            .GetProperty("accountId")
            .GetGuid();
}
