using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;
#nullable disable warnings // of FHIR any part may be missing: then the test fails
using Task = System.Threading.Tasks.Task;

namespace Practice.Host.Tests.Fhir;

public sealed class FhirMetadataTests
{
    [Fact]
    public async Task The_capability_statement_is_the_same_for_everyone_and_the_page_says_what_it_says()
    {
        var app = await TestApp.StartedAsync();
        var anyone = new ApiClient(new HttpClient { BaseAddress = app.Url });
        var statement = FhirPractice.Read<CapabilityStatement>(
            await anyone.Get($"/fhir/groups/{Guid.NewGuid()}/metadata")
        );
        var expected = statement
            .Rest.Single()
            .Resource.Select(type =>
                $"| `{type.Type}` | "
                + string.Join(", ", type.Interaction.Select(interaction => interaction.Code.GetLiteral()))
                + $" | {string.Join(", ", type.SearchParam.Select(parameter => $"`{parameter.Name}`"))} |"
            );
        var page = await File.ReadAllLinesAsync(Path.Combine(Checkout.Folder, "docs", "api", "fhir.md"));
        Assert.Equal(expected, page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
        Assert.Empty(FhirPractice.Faults(statement));
    }

    [Fact]
    public async Task The_SMART_configuration_names_the_token_endpoint_and_nothing_that_there_is_not()
    {
        var app = await TestApp.StartedAsync();
        var anyone = new ApiClient(new HttpClient { BaseAddress = app.Url });
        var answer = await anyone.Get($"/fhir/groups/{Guid.NewGuid()}/.well-known/smart-configuration");
        Assert.Equal("https://practice.test/connect/token", answer["token_endpoint"].GetString());
        Assert.Equal("client_credentials", answer["grant_types_supported"][0].GetString());
        Assert.False(answer.Json.TryGetProperty("authorization_endpoint", out _));
    }
}
