using System.Text.Json;
using Firely.Fhir.Validation;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Specification.Source;
using Hl7.Fhir.Specification.Terminology;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Practice.Host.Demo;

namespace Practice.Host.Tests.Fhir;

/// <summary>
/// The demo practice on a host of its own, read by FHIR: one for all tests, since making it takes seconds.
/// </summary>
internal sealed class FhirPractice
{
    private static readonly Lazy<Task<FhirPractice>> Shared = new(MakeAsync);

    /// <summary>Strict: what FHIR does not know is an error.</summary>
    private static readonly JsonSerializerOptions Strict = new JsonSerializerOptions().ForFhir(
        ModelInfo.ModelInspector
    );

    /// <summary>The definitions of R4. They take seconds to load.</summary>
    private static readonly Lazy<Validator> R4 = new(() =>
    {
        var definitions = new CachedResolver(ZipSource.CreateValidationSource());
        return new(definitions, LocalTerminologyService.CreateDefaultForCore(definitions));
    });

    private readonly Dictionary<string, ApiClient> _members = [];
    private string _password = "";

    private FhirPractice(TestApp app) => App = app;

    public TestApp App { get; }

    public Guid Group { get; private set; }

    /// <summary>The base address in FHIR, without the host.</summary>
    public string Path => $"/fhir/groups/{Group}";

    public string Api => $"/api/groups/{Group}";

    public ApiClient Owner => _members[DemoPeople.Owner.Person.Email];

    public static Task<FhirPractice> StartedAsync() => Shared.Value;

    public async Task<ApiClient> SignInAsync(string email) =>
        _members.TryGetValue(email, out var known) ? known : _members[email] = await App.SignIn(email, _password);

    /// <summary>An answer as any client of FHIR takes it.</summary>
    public static T Read<T>(Answer answer, int status = 200)
        where T : Resource
    {
        Assert.True(answer.Status == status, answer.ToString());
        Assert.Equal("application/fhir+json", answer.ContentType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString()); // nobody keeps what is about patients
        return Assert.IsType<T>(JsonSerializer.Deserialize<Resource>(answer.Text, Strict));
    }

    /// <summary>Every page of a search, by the links to the next ones.</summary>
    public async Task<List<T>> SearchAsync<T>(ApiClient caller, string query)
        where T : Resource
    {
        List<T> found = [];
        for (var path = $"{Path}/{query}"; path is not null; )
        {
            var page = Read<Bundle>(await caller.Get(path));
            found.AddRange(page.Entry.Select(entry => Assert.IsAssignableFrom<T>(entry.Resource)));
            path = page.NextLink is { } next ? LocalPathOf(next) : null;
        }

        return found;
    }

    /// <summary>Links lead to the public address, where this host is not.</summary>
    public static string LocalPathOf(Uri link)
    {
        Assert.Equal("https://practice.test", link.GetLeftPart(UriPartial.Authority));
        return link.PathAndQuery;
    }

    /// <summary>What is wrong with it, by the definitions of R4.</summary>
    public static IEnumerable<string> Faults(Resource resource) =>
        R4
            .Value.Validate(resource)
            .Issue.Where(issue =>
                issue.Severity is OperationOutcome.IssueSeverity.Error or OperationOutcome.IssueSeverity.Fatal
            )
            .Select(issue =>
                $"{resource.TypeName}/{resource.Id}: {issue.Details?.Text} {string.Join(' ', issue.Expression)}"
            );

    private static async Task<FhirPractice> MakeAsync()
    {
        var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Data:Directory"] = TestFolder.New("fhir") } }
        );
        var settings = HostSettings.Read(app.Services.GetRequiredService<IConfiguration>());
        var lines = await DemoPractice.SeedAsync(app.Services, settings, $"{app.Url}", default);
        var practice = new FhirPractice(app)
        {
            _password = lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[5],
        };
        var owner = await practice.SignInAsync(DemoPeople.Owner.Person.Email);
        practice.Group = Assert.Single(await owner.GetAll("/api/groups")).GetProperty("id").GetGuid();
        return practice;
    }
}
