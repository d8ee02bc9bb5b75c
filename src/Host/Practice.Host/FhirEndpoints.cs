using System.Reflection;
using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using Practice.Authorization;
using Practice.Host.Tokens;
using Practice.Shared.Fhir;
using Practice.Shared.Http;
using Task = System.Threading.Tasks.Task;

namespace Practice.Host;

/// <summary>
/// What all of FHIR has in common: the form of the answers, and what says what there is. It is the same for every
/// group, those that do not exist included.
/// </summary>
internal static class FhirEndpoints
{
    /// <summary>When what the capability statement says last changed.</summary>
    private const string Changed = "2026-11-30";

    private const string Base = $"{FhirRoutes.Path}/groups/{{groupId:guid}}";

    private static readonly string[] SecretsSent = ["client_secret_basic", "client_secret_post"];
    private static readonly string[] Grants = ["client_credentials"];
    private static readonly string[] Capabilities = ["client-confidential-symmetric"];

    /// <summary>406 for callers who take nothing that is offered.</summary>
    public static Task NegotiateAsync(HttpContext http, RequestDelegate next) =>
        FhirRoutes.IsFhir(http.Request) && !FhirHeaders.TakesJson(http.Request)
            ? ProblemResponses.For(StatusCodes.Status406NotAcceptable).ExecuteAsync(http)
            : next(http);

    public static void MapFhir(this WebApplication app)
    {
        app.MapGet($"{Base}/metadata", Describe).AllowAnyone().ExcludeFromDescription();
        app.MapGet($"{Base}/.well-known/smart-configuration", DescribeAccess).AllowAnyone().ExcludeFromDescription();
    }

    private static IResult Describe(HttpContext http, EndpointDataSource endpoints) =>
        FhirResults.Write(StatementOf(FhirResults.BaseOf(http), endpoints));

    /// <summary>https://hl7.org/fhir/R4/capabilitystatement.html</summary>
    private static CapabilityStatement StatementOf(string site, EndpointDataSource endpoints) =>
        new()
        {
            Url = $"{site}/metadata",
            Status = PublicationStatus.Active,
            Date = Changed,
            Kind = CapabilityStatementKind.Instance,
            FhirVersion = FHIRVersion.N4_0_1,
            Format = ["json"],
            Software = new()
            {
                Name = "Practice.Modular",
                Version = typeof(FhirEndpoints)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                    .InformationalVersion.Split('+')[0],
            },
            Implementation = new()
            {
                DescriptionString = "One practice, as the caller may see it. Read only.",
                Url = site,
            },
            Rest =
            [
                new()
                {
                    Mode = CapabilityStatement.RestfulCapabilityMode.Server,
                    Security = new()
                    {
                        Service =
                        [
                            new("http://terminology.hl7.org/CodeSystem/restful-security-service", "OAuth")
                            {
                                Text = "A bearer token. A member sees what the practice lets that member see.",
                            },
                        ],
                    },
                    Resource =
                    [
                        .. endpoints
                            .Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<FhirInteraction>())
                            .OfType<FhirInteraction>()
                            .GroupBy(interaction => interaction.Type, interaction => interaction.Code)
                            .OrderBy(type => $"{type.Key.Name}", StringComparer.Ordinal)
                            .Select(type => Resource(type.Key, type.Distinct().Order())),
                    ],
                },
            ],
        };

    private static CapabilityStatement.ResourceComponent Resource(
        FhirType type,
        IEnumerable<CapabilityStatement.TypeRestfulInteraction> interactions
    ) =>
        new()
        {
            Type = $"{type.Name}",
            Documentation = type.Documentation,
            Interaction =
            [
                .. interactions.Select(code => new CapabilityStatement.ResourceInteractionComponent { Code = code }),
            ],
            Versioning = type.Versioned
                ? CapabilityStatement.ResourceVersionPolicy.Versioned
                : CapabilityStatement.ResourceVersionPolicy.NoVersion,
            ConditionalRead = type.Versioned
                ? CapabilityStatement.ConditionalReadStatus.FullSupport
                : CapabilityStatement.ConditionalReadStatus.NotSupported,
            SearchParam =
            [
                .. type.Searchable.Select(parameter => new CapabilityStatement.SearchParamComponent
                {
                    Name = parameter.Name,
                    Type = parameter.Type,
                    Documentation = parameter.Required
                        ? $"{parameter.Documentation} Required."
                        : parameter.Documentation,
                }),
            ],
        };

    /// <summary>
    /// https://hl7.org/fhir/smart-app-launch/STU2/conformance.html, as far as it is so: there is no launch, only
    /// confidential clients with a secret.
    /// </summary>
    private static IResult DescribeAccess(IOptions<PublicUrlOptions> site) =>
        Results.Json(
            new
            {
                token_endpoint = site.Value.UrlOf(TokenServer.TokenPath),
                token_endpoint_auth_methods_supported = SecretsSent,
                grant_types_supported = Grants,
                capabilities = Capabilities,
            }
        );
}
