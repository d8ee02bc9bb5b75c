using Hl7.Fhir.Model;
using Practice.Host.Demo;
#nullable disable warnings // of FHIR any part may be missing: then the test fails
using Task = System.Threading.Tasks.Task;

namespace Practice.Host.Tests.Fhir;

[Collection(nameof(FhirPractice))]
public sealed class FhirResourceTests
{
    private static readonly string[] Types =
    [
        "AuditEvent",
        "Appointment",
        "Invoice",
        "Location",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
    ];

    private static readonly string[] OfAPatient = ["Consent", "DocumentReference", "RelatedPerson"];

    [Fact]
    public async Task Every_resource_of_the_demo_practice_is_valid_and_refers_to_resources_that_there_are()
    {
        var practice = await FhirPractice.StartedAsync();
        List<Bundle> pages = [];
        foreach (var type in Types)
            pages.Add(FhirPractice.Read<Bundle>(await practice.Owner.Get($"{practice.Path}/{type}?_count=40")));
        var linked = pages.SelectMany(Resources).OfType<Patient>().ToList();
        foreach (var patient in linked)
        foreach (var type in OfAPatient)
            pages.Add(
                FhirPractice.Read<Bundle>(await practice.Owner.Get($"{practice.Path}/{type}?patient={patient.Id}"))
            );
        pages.RemoveAll(page => page.Entry.Count == 0);

        var all = pages.SelectMany(Resources).ToList();
        Assert.Equal(
            Types.Concat(OfAPatient).Order(StringComparer.Ordinal),
            all.Select(resource => resource.TypeName).Distinct().Order(StringComparer.Ordinal)
        );
        var metadata = FhirPractice.Read<CapabilityStatement>(
            await new ApiClient(new HttpClient { BaseAddress = practice.App.Url }).Get($"{practice.Path}/metadata")
        );
        Assert.Empty(pages.SelectMany(FhirPractice.Faults).Concat(FhirPractice.Faults(metadata)));

        var known = all.Select(resource => $"{resource.TypeName}/{resource.Id}").ToHashSet();
        Assert.Empty(all.SelectMany(ReferencesIn).Where(reference => !known.Contains(reference)).Distinct());

        static IEnumerable<Resource> Resources(Bundle page) => page.Entry.Select(entry => entry.Resource);
    }

    [Fact]
    public async Task Each_member_sees_by_FHIR_what_the_API_shows_them()
    {
        var practice = await FhirPractice.StartedAsync();
        // The receptionist must change a password first.
        foreach (var member in DemoPeople.Staff.Except([DemoPeople.Receptionist]))
        {
            var caller = await practice.SignInAsync(member.Person.Email);
            await Same("Patient", "patients", more: "?archived=true");
            await Same("Appointment?date=ge2000-01-01", $"appointments?from={Iso(-40)}&to={Iso(20)}");
            await Same("Invoice", "invoices?from=2000-01-01");
            await Same("Location", "locations");
            await Same("Practitioner", "members", "userId");

            async Task Same(string search, string list, string id = "id", string? more = null)
            {
                var sep = search.Contains('?', StringComparison.Ordinal) ? '&' : '?';
                var byFhir = await practice.SearchAsync<Resource>(caller, $"{search}{sep}_count=7");
                var byApi = await caller.GetAll($"{practice.Api}/{list}");
                if (more is not null)
                    byApi = [.. byApi, .. await caller.GetAll($"{practice.Api}/{list}{more}")];
                Assert.Equal(
                    byApi.Select(item => item.GetProperty(id).GetString()!).Order(StringComparer.Ordinal),
                    byFhir.Select(resource => resource.Id).Order(StringComparer.Ordinal)
                );
            }
        }

        string Iso(int days) => practice.App.Clock.GetUtcNow().AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
    }

    private static IEnumerable<string> ReferencesIn(Base part) =>
        part is ResourceReference { Reference: { } reference }
            ? [reference]
            : part.EnumerateElements().SelectMany(element => Parts(element.Value)).SelectMany(ReferencesIn);

    private static IEnumerable<Base> Parts(object value) =>
        value switch
        {
            Base one => [one],
            IEnumerable<Base> many => many,
            _ => [],
        };
}
