using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Fhir;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>
/// The access to the practice's records that a patient's portal account gives to others
/// (https://hl7.org/fhir/R4/consent.html), as it stands at this moment. One that the practice has paused is inactive.
/// </summary>
public sealed record ReadFhirConsents(Guid GroupId, FhirSearch Search) : Message, ICommand<FhirPage>;

internal sealed class ReadFhirConsentsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Consent";

    private static readonly FhirType Type = new(
        ResourceType.Consent,
        "The access of a related person to the practice's records of a patient, through the portal.",
        Versioned: false,
        new FhirParameter("patient", SearchParamType.Reference, "Whose it is.", ResourceType.Patient, Required: true)
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
    ) => (await bus.SendAsync(new ReadFhirConsents(groupId, search), ct)).ToFhir(http, search);
}

public static class ReadFhirConsentsHandler
{
    private const string Actions = "http://terminology.hl7.org/CodeSystem/consentaction",
        Types = "http://hl7.org/fhir/resource-types";

    public static async Task<ErrorOr<FhirPage>> Handle(
        ReadFhirConsents command,
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
            reader => reader.Current ? ResourceOf(reader, found) : null,
            reader => (default, reader.AccessId.ToString())
        );
    }

    private static Consent ResourceOf(AccountReader reader, PatientReaders found)
    {
        var (patient, id) = (found.Patient!, FhirIds.Pair(found.Patient!.Id, reader.AccessId));
        return new()
        {
            Id = id,
            Status = found.IsPaused(reader) ? Consent.ConsentState.Inactive : Consent.ConsentState.Active,
            Scope = new("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
            Category = [new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "INFA")],
            Patient = FhirResults.To(ResourceType.Patient, patient.Id),
            DateTimeElement = FhirResults.Time(reader.Since),
            Organization = [FhirResults.To(ResourceType.Organization, patient.GroupId)],
            PolicyRule = new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN"),
            Provision = new()
            {
                Type = Consent.ConsentProvisionType.Permit,
                Period = reader.EndsOn is { } last ? new() { End = FhirResults.Day(last) } : null,
                Actor =
                [
                    new()
                    {
                        Role = new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
                        Reference = FhirResults.To(ResourceType.RelatedPerson, id),
                    },
                ],
                Action =
                [
                    new(Actions, "access"),
                    .. reader.Role == PortalRole.Edit ? [new(Actions, "correct")] : Array.Empty<CodeableConcept>(),
                ],
                Class =
                [
                    new(Types, "Appointment"),
                    new(Types, "Invoice"),
                    .. reader.Level == PortalLevel.Clinical ? [new(Types, "DocumentReference")] : Array.Empty<Coding>(),
                ],
            },
        };
    }
}
