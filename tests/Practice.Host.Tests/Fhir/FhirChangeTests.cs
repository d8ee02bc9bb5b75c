using Hl7.Fhir.Model;
#nullable disable warnings // of FHIR any part may be missing: then the test fails
using Group = Practice.TestKit.Group;
using Task = System.Threading.Tasks.Task;

namespace Practice.Host.Tests.Fhir;

/// <summary>What a resource shows is of its version, and who wrote it is a resource, or no reference.</summary>
[Collection(nameof(FhirPractice))]
public sealed class FhirChangeTests
{
    [Fact]
    public async Task A_record_with_another_file_is_another_version()
    {
        var group = await NewGroup();
        var patient = await AddsPatient(group);
        var record = await AddsDocument(group.Owner.Api, group, patient);
        var (fhir, file) = (
            $"/fhir/groups/{group.Id}/DocumentReference",
            $"{group.Path}/patients/{patient}/clinical-records/{record}/attachments?name=a.txt"
        );
        var first = await group.Owner.Api.Get($"{fhir}/{record}");
        var before = FhirPractice.Read<DocumentReference>(first);

        (await Attaches()).Should(201);

        var read = await group.Owner.Api.WithHeader("If-None-Match", first.ETag!).Get($"{fhir}/{record}");
        var after = FhirPractice.Read<DocumentReference>(read);
        Assert.Equal((1, 2), (before.Content.Count, after.Content.Count));
        var since = Uri.EscapeDataString($"{after.Meta.LastUpdated:O}");
        var news = FhirPractice.Read<Bundle>(
            await group.Owner.Api.Get($"{fhir}?patient={patient}&_lastUpdated=ge{since}")
        );
        Assert.Equal([$"{record}"], news.Entry.Select(entry => entry.Resource.Id));
        Assert.True(after.Meta.LastUpdated > before.Meta.LastUpdated);

        // The same file once more changes nothing.
        (await Attaches()).Should(201);
        Assert.Equal(read.ETag, (await group.Owner.Api.Get($"{fhir}/{record}")).ETag);

        Task<Answer> Attaches() => group.Owner.Api.Post(file, new ByteArrayContent("a file"u8.ToArray()));
    }

    /// <summary>A name changes by itself, and would change no version but the patient's.</summary>
    [Fact]
    public async Task Appointments_and_invoices_refer_to_the_patient_and_do_not_repeat_the_name()
    {
        var practice = await FhirPractice.StartedAsync();
        var appointments = await practice.SearchAsync<Appointment>(practice.Owner, "Appointment");
        var invoices = await practice.SearchAsync<Invoice>(practice.Owner, "Invoice");
        Assert.All(
            appointments.Select(one => one.Participant[0].Actor).Concat(invoices.Select(one => one.Subject)).ToList(),
            patient =>
            {
                Assert.StartsWith("Patient/", patient.Reference, StringComparison.Ordinal);
                Assert.Null(patient.Display);
            }
        );
    }

    [Fact]
    public async Task What_an_API_client_wrote_names_it_and_refers_to_no_practitioner()
    {
        var group = await NewGroup();
        var patient = await AddsPatient(group);
        var client = await Client(group);
        await AddsDocument(client, group, patient);
        await AddsDocument(group.Owner.Api, group, patient);
        await Issues(client);
        await Issues(group.Owner.Api);

        var fhir = $"/fhir/groups/{group.Id}";
        var documents = await Found<DocumentReference>($"DocumentReference?patient={patient}");
        Check(documents.Select(one => Assert.Single(one.Author)));
        Check((await Found<Invoice>("Invoice")).Select(one => Assert.Single(one.Participant).Actor));
        var issued = (await Found<AuditEvent>("AuditEvent")).Where(one =>
            one.Subtype[0].Code == "portal.invoice_issued"
        );
        Check(issued.Select(one => Assert.Single(one.Agent).Who));

        void Check(IEnumerable<ResourceReference> writers)
        {
            var all = writers.ToList();
            Assert.Equal(2, all.Count);
            var byClient = Assert.Single(all, one => one.Reference is null);
            Assert.Equal(("Device", "The books"), (byClient.Type, byClient.Display));
            Assert.Single(all, one => one.Reference == $"Practitioner/{group.Owner.Id}");
        }

        async Task<List<T>> Found<T>(string query)
            where T : Resource
        {
            var bundle = FhirPractice.Read<Bundle>(await group.Owner.Api.Get($"{fhir}/{query}"));
            var found = bundle.Entry.Select(entry => Assert.IsType<T>(entry.Resource)).ToList();
            Assert.Empty(found.SelectMany(FhirPractice.Faults));
            return found;
        }

        async Task Issues(ApiClient by) =>
            (
                await by.Post(
                    $"{group.Path}/patients/{patient}/invoices",
                    new
                    {
                        issuedOn = "2026-11-02",
                        dueOn = "2026-11-16",
                        currency = "AUD",
                        lines = new[]
                        {
                            new
                            {
                                description = "Visit",
                                quantity = 1,
                                unitPrice = "80.00",
                            },
                        },
                    }
                )
            ).Should(201);
    }

    private static async Task<Group> NewGroup() =>
        await (await (await FhirPractice.StartedAsync()).App.SignUpAndConfirm()).CreatesGroup(
            roleType: "practitioner",
            profession: "nurse"
        );

    private static async Task<ApiClient> Client(Group group)
    {
        var made = (
            await group.Owner.Api.Post($"{group.Path}/clients", new { name = "The books", accessLevel = "full" })
        ).Should(201);
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = made["clientId"].GetString()!,
                ["client_secret"] = made["clientSecret"].GetString()!,
            }
        );
        var token = (await group.Host.Api.Post("/connect/token", form)).Should(200)["access_token"].GetString();
        return group.Host.Api.WithToken(token);
    }

    private static async Task<Guid> AddsPatient(Group group) => (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Moss",
                    dateOfBirth = "1950-01-02",
                }
            )
        ).Should(201).Id;

    private static async Task<Guid> AddsDocument(ApiClient by, Group group, Guid patient) => (
            await by.Post(
                $"{group.Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "document",
                    title = "A scan",
                    body = "Sent by the hospital.",
                    recordedAt = "2026-03-01T10:00:00Z",
                }
            )
        ).Should(201).Id;
}
