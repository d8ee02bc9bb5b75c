using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Audit;
using Practice.Shared.Fhir;

namespace Practice.Groups.Features.Fhir;

/// <summary>
/// The audit of the practice (https://hl7.org/fhir/R4/auditevent.html), newest first: for those who may read it in the
/// API, with the names that they may know.
/// </summary>
internal sealed class ReadFhirAuditEventsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/AuditEvent";

    private static readonly FhirType Type = new(
        ResourceType.AuditEvent,
        "Who did what. Entries never change.",
        Versioned: true,
        new("date", SearchParamType.Date, "When it was done. Days are those of UTC."),
        new("patient", SearchParamType.Reference, "About which patient.", ResourceType.Patient),
        new("agent", SearchParamType.Reference, "Who did it.", ResourceType.Practitioner)
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireAccess(Access.ManageUsers, changes: false).ReadsFhir(Type);
        app.MapGet(Path, Get).RequireAccess(Access.ManageUsers, changes: false).SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireAccess(Access.ManageUsers, changes: false).SearchesFhir(Type);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        FhirSearch search,
        HttpContext http,
        GroupsDbContext db,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var (agent, patient) = (search.OneReference("agent"), search.OneReference("patient"));
        List<Error> wrong = [.. search.Errors, .. agent.ErrorsOrEmptyList, .. patient.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return Problems.ToProblem(wrong);

        // The first read authorizes the caller: what they may filter by depends on what they may know.
        await db.Memberships.AnyAsync(member => member.GroupId == groupId, ct);
        var caller = db.Call.Caller;
        if (caller.May(Access.RestrictToAssignedLocations) || (search.Asks("patient") && !caller.SeesPatients()))
            return AuthorizationErrors.NotAllowed.ToProblem();

        var both = search.Dates("date").And(search.LastUpdated);
        var filter = new AuditFilter(
            null,
            search.Asks("agent") ? agent.Value ?? Guid.Empty : null,
            null,
            search.Asks("patient") ? patient.Value ?? Guid.Empty : null,
            both.From,
            both.Until
        );
        var entries = db.AuditEntries(groupId, filter, caller.SeesPatients());
        if (search.Ids() is { } ids)
            entries = entries.Where(entry => ids.Contains(entry.Id));
        var rows = await db.ReadAuditAsync(
            bus,
            groupId,
            entries,
            search.AfterId,
            search.Rows,
            () => caller.SeesPatients(),
            ct
        );
        ErrorOr<FhirPage> page = search.Page(rows, row => ResourceOf(groupId, row), row => (default, $"{row.Id}"));
        return page.ToFhir(http, search);
    }

    private static AuditEvent ResourceOf(Guid groupId, AuditView entry) =>
        new()
        {
            Id = entry.Id.ToString(),
            Meta = FhirResults.Meta(entry.At),
            Type = entry.Act.StartsWith("portal.", StringComparison.Ordinal)
                ? new("http://dicom.nema.org/resources/ontology/DCM", "110110", "Patient Record")
                : new("http://dicom.nema.org/resources/ontology/DCM", "110100", "Application Activity"),
            Subtype = [new(FhirSystems.AuditAct, entry.Act)],
            Recorded = FhirResults.Milliseconds(entry.At),
            Outcome = AuditEvent.AuditEventOutcome.N0,
            OutcomeDesc = entry.Sentence,
            Agent =
            [
                new()
                {
                    // Others than members have no resource here.
                    Who =
                        entry.Authority == AuditAuthority.Client.Code()
                            ? FhirResults.Device(entry.ActorName ?? entry.Authority)
                        : entry.ActorId is { } actor && entry.ActorName is { } name
                            ? FhirResults.To(ResourceType.Practitioner, actor, name)
                        : new() { Display = entry.ActorName ?? entry.Authority },
                    Role = [FhirResults.Text(entry.Authority)],
                    Requestor = true,
                },
            ],
            Source = new() { Observer = FhirResults.To(ResourceType.Organization, groupId) },
            Entity =
            [
                .. entry.PatientId is { } patient
                    ? [Entity(FhirResults.To(ResourceType.Patient, patient, entry.PatientName))]
                    : Array.Empty<AuditEvent.EntityComponent>(),
                .. entry.SubjectName is { } subject
                    ? [Entity(FhirResults.To(ResourceType.Practitioner, entry.SubjectId, subject))]
                    : Array.Empty<AuditEvent.EntityComponent>(),
            ],
        };

    private static AuditEvent.EntityComponent Entity(ResourceReference what) => new() { What = what };
}
