using Hl7.Fhir.Model;
using Practice.Shared.Idempotency;

namespace Practice.Shared.Fhir;

/// <summary>
/// A resource type as a slice serves it. The routes carry it, and the capability statement is made of the routes: it
/// says nothing that does not work.
/// </summary>
/// <param name="Name">The type's name in FHIR.</param>
/// <param name="Documentation">What the resource is here.</param>
/// <param name="Versioned">Whether each change of a resource has an id and a time. Not of what is worked out.</param>
/// <param name="Parameters">What it can be searched by, besides <c>_id</c>.</param>
public sealed record FhirType(
    ResourceType Name,
    string Documentation,
    bool Versioned,
    params IReadOnlyList<FhirParameter> Parameters
)
{
    internal const string Id = "_id",
        LastUpdated = "_lastUpdated",
        Count = "_count";

    /// <summary>All that it can be searched by.</summary>
    public IReadOnlyList<FhirParameter> Searchable { get; } =
    [
        new(Id, SearchParamType.Token, "The id."),
        .. Versioned
            ? [new FhirParameter(LastUpdated, SearchParamType.Date, "When it last changed.")]
            : Array.Empty<FhirParameter>(),
        .. Parameters,
    ];

    internal FhirParameter? Find(string name) => Searchable.FirstOrDefault(parameter => parameter.Name == name);
}

/// <summary>A search parameter of FHIR (https://hl7.org/fhir/R4/searchparameter-registry.html).</summary>
/// <param name="Target">The type that a reference is to.</param>
/// <param name="Required">Whether a search must name it, unless it names ids.</param>
public sealed record FhirParameter(
    string Name,
    SearchParamType Type,
    string Documentation,
    ResourceType? Target = null,
    bool Required = false
);

/// <summary>What a route does with a resource type.</summary>
public sealed record FhirInteraction(FhirType Type, CapabilityStatement.TypeRestfulInteraction Code);

public static class FhirRoutes
{
    /// <summary>Where everything of FHIR is: <c>/fhir/groups/{groupId}</c> is the base address of a practice.</summary>
    public const string Path = "/fhir";

    /// <summary>
    /// FHIR has its own description, the capability statement. In the OpenAPI document its types would take longer
    /// than all the rest.
    /// </summary>
    public static RouteHandlerBuilder ReadsFhir(this RouteHandlerBuilder route, FhirType type) =>
        route
            .WithMetadata(new FhirInteraction(type, CapabilityStatement.TypeRestfulInteraction.Read))
            .ExcludeFromDescription();

    /// <inheritdoc cref="ReadsFhir"/>
    public static RouteHandlerBuilder SearchesFhir(this RouteHandlerBuilder route, FhirType type) =>
        route
            .WithMetadata(new FhirInteraction(type, CapabilityStatement.TypeRestfulInteraction.SearchType))
            .WithoutIdempotency()
            .ExcludeFromDescription();

    public static bool IsFhir(HttpRequest request) => request.Path.StartsWithSegments(Path);
}
