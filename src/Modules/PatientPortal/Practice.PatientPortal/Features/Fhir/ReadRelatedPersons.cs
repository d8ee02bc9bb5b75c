using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.Shared.Fhir;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>
/// Who besides its holder opens the portal account of a patient (https://hl7.org/fhir/R4/relatedperson.html):
/// guardians, and people whom the holder lets in.
/// </summary>
public sealed record ReadFhirRelatedPersons(Guid GroupId, FhirSearch Search) : Message, ICommand<FhirPage>;

internal sealed class ReadFhirRelatedPersonsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/RelatedPerson";

    private static readonly FhirType Type = new(
        ResourceType.RelatedPerson,
        "A person who opens the portal account of a patient, and with it the practice's records of the patient.",
        Versioned: false,
        new FhirParameter(
            "patient",
            SearchParamType.Reference,
            "Whose account it is.",
            ResourceType.Patient,
            Required: true
        )
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireMember().ReadsFhir(Type);
        app.MapGet(Path, Get).RequireMember().SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireMember().SearchesFhir(Type);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        FhirSearch search,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReadFhirRelatedPersons(groupId, search), ct)).ToFhir(http, search);
}

public static class ReadFhirRelatedPersonsHandler
{
    private const string RoleCode = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

    public static async Task<ErrorOr<FhirPage>> Handle(
        ReadFhirRelatedPersons command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search) = command;
        var read = await PatientReaders.FindAsync(db, work, groupId, search, options.Value, clock.GetUtcNow(), ct);
        if (read.IsError)
            return read.Errors;
        var found = read.Value;
        return search.Page(
            found.Readers,
            reader => reader.Current ? ResourceOf(reader, found, work.Caller) : null,
            reader => (default, reader.AccessId.ToString())
        );
    }

    private static RelatedPerson ResourceOf(AccountReader reader, PatientReaders found, Caller caller) =>
        new()
        {
            Id = FhirIds.Pair(found.Patient!.Id, reader.AccessId),
            Active = !found.IsPaused(reader),
            Patient = FhirResults.To(ResourceType.Patient, found.Patient.Id),
            // Where names are hidden, a relationship would tell who it is.
            Relationship = caller.May(Access.HidePatientNames) ? [] : [RelationshipOf(reader.Relationship)],
            Name = caller.May(Access.HidePatientNames) || reader.Name is null ? [] : [new() { Text = reader.Name }],
            // Of a person who did not request access, the practice knows only the address.
            Telecom =
                caller.May(Access.HidePatientNames) || reader.Email is null
                    ? []
                    : [new(ContactPoint.ContactPointSystem.Email, null, reader.Email)],
            Period = new() { StartElement = FhirResults.Time(reader.Since) },
        };

    private static CodeableConcept RelationshipOf(Relationship? relationship) =>
        relationship switch
        {
            null => FhirResults.Text("Has access to the patient's portal account"),
            Relationship.Parent => new(RoleCode, "PRN") { Text = "Parent" },
            Relationship.Guardian => new(RoleCode, "GUARD") { Text = "Guardian" },
            Relationship.LegalGuardian => new(RoleCode, "GUARD") { Text = "Legal guardian" },
            Relationship.Other => FhirResults.Text("Runs the patient's portal account"),
            _ => throw new ArgumentOutOfRangeException(nameof(relationship), relationship, "Not a relationship."),
        };
}
