using System.Globalization;
using System.Text.Json;
using ErrorOr;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Practice.Shared.Fhir;

/// <summary>Answers of FHIR.</summary>
public static class FhirResults
{
    /// <summary>Made at the first use: it looks at every type of FHIR.</summary>
    private static readonly Lazy<JsonSerializerOptions> Json = new(() =>
        new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector)
    );

    /// <summary>The resource that was read, or a page of those that were found.</summary>
    public static IResult ToFhir(this ErrorOr<FhirPage> answer, HttpContext http, FhirSearch search) =>
        answer.IsError ? Problems.ToProblem(answer.Errors)
        : !search.IsRead ? Write(Bundle(http, search, answer.Value))
        : answer.Value.Resources is [var resource] ? Read(http, resource)
        : CommonErrors.NotFound.ToProblem();

    public static IResult Write(Resource resource, int status = StatusCodes.Status200OK) =>
        Results.Json(resource, Json.Value, FhirHeaders.MediaType, status);

    /// <summary>When a resource last changed, and what this version of it is called.</summary>
    public static Meta Meta(DateTimeOffset updatedAt) =>
        new()
        {
            LastUpdated = Milliseconds(updatedAt),
            VersionId = ((updatedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(
                CultureInfo.InvariantCulture
            ),
        };

    /// <summary>As FHIR's instants are read everywhere.</summary>
    public static DateTimeOffset Milliseconds(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    /// <summary>A time that was read from the database, as FHIR writes it.</summary>
    public static FhirDateTime Time(DateTimeOffset at) => new(Milliseconds(at));

    /// <summary>A date without a time.</summary>
    public static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    public static ResourceReference To(ResourceType type, object id, string? display = null) =>
        new($"{type}/{id}", display);

    /// <summary>A program that has done something. It is no resource here, so there is nothing to refer to.</summary>
    public static ResourceReference Device(string name) => new() { Type = $"{ResourceType.Device}", Display = name };

    /// <summary>A text that no code says.</summary>
    public static CodeableConcept Text(string text) => new() { Text = text };

    /// <summary>The practice's base address in FHIR.</summary>
    public static string BaseOf(HttpContext http) =>
        http
            .RequestServices.GetRequiredService<IOptions<PublicUrlOptions>>()
            .Value.UrlOf($"{FhirRoutes.Path}/groups/{http.Request.RouteValues["groupId"]}");

    private static IResult Read(HttpContext http, Resource resource)
    {
        if (resource.Meta is { LastUpdated: { } changed, VersionId: { } version })
        {
            var tag = new EntityTagHeaderValue($"\"{version}\"", isWeak: true);
            var headers = http.Response.GetTypedHeaders();
            (headers.ETag, headers.LastModified) = (tag, FhirHeaders.Seconds(changed));
            if (FhirHeaders.HasCurrent(http.Request, tag, changed))
                return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        return Write(resource);
    }

    private static Bundle Bundle(HttpContext http, FhirSearch search, FhirPage page)
    {
        var (site, type) = (BaseOf(http), search.Type);
        var bundle = new Bundle
        {
            Type = Hl7.Fhir.Model.Bundle.BundleType.Searchset,
            Link = [Link("self", search.ToQuery(null))],
        };
        if (page.Next is { } next)
            bundle.Link.Add(Link("next", search.ToQuery(next)));
        foreach (var resource in page.Resources)
            bundle.Entry.Add(
                new()
                {
                    FullUrl = $"{site}/{type}/{resource.Id}",
                    Resource = resource,
                    Search = new() { Mode = Hl7.Fhir.Model.Bundle.SearchEntryMode.Match },
                }
            );
        return bundle;

        Bundle.LinkComponent Link(string relation, string query) =>
            new() { RelationString = relation, Url = $"{site}/{type}{query}" };
    }
}
