using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;
using Practice.Shared.Fhir;
using Patient = Practice.PatientPortal.Domain.Patients.Patient;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>
/// The practice's patients (https://hl7.org/fhir/R4/patient.html), archived ones too. Where names are hidden, a patient
/// has a code and no name, and none is found by a name.
/// </summary>
public sealed record ReadFhirPatients(Guid GroupId, FhirSearch Search) : Message, ICommand<FhirPage>;

internal sealed class ReadFhirPatientsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Patient";

    private static readonly FhirType Type = new(
        ResourceType.Patient,
        "A patient of the practice. Archived patients are not active.",
        Versioned: true,
        new("identifier", SearchParamType.Token, "The practice's code of the patient, such as P-0A1B2C3D."),
        new("name", SearchParamType.String, "The beginning of a word of the name, or with :exact a whole name."),
        new("active", SearchParamType.Token, "Whether the practice treats the patient."),
        new("birthdate", SearchParamType.Date, "The date of birth.")
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
    ) => (await bus.SendAsync(new ReadFhirPatients(groupId, search), ct)).ToFhir(http, search);
}

public static class ReadFhirPatientsHandler
{
    public static async Task<ErrorOr<FhirPage>> Handle(
        ReadFhirPatients command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search) = command;
        if (search.Errors.Count > 0)
            return search.Errors.ToList();

        var patients = Narrow(db.VisiblePatients(groupId).AsNoTracking(), db, groupId, search, work.Caller);
        var rows = await patients.PageOf(search, patient => patient.UpdatedAt, patient => patient.Id).ToListAsync(ct);
        if (search.IsRead && rows is [var opened])
            await AccessLogging.RecordAsync(
                db,
                work,
                bus,
                PortalAudit.PatientOpened,
                opened,
                AccessLogAction.Patient,
                clock.GetUtcNow(),
                subjectId: null,
                ct
            );
        else if (!search.IsRead)
            work.Audit(
                PortalAudit.PatientsListed,
                groupId,
                groupId,
                new { Patients = rows.Take(search.Count).Select(patient => patient.Id) }
            );
        return search.Page(
            rows,
            patient => ResourceOf(patient, work.Caller),
            patient => (patient.UpdatedAt, patient.Id.ToString())
        );
    }

    private static IQueryable<Patient> Narrow(
        IQueryable<Patient> patients,
        PatientPortalDbContext db,
        Guid groupId,
        FhirSearch search,
        Caller caller
    )
    {
        if (search.Ids() is { } ids)
            patients = patients.Where(patient => ids.Contains(patient.Id));
        if (search.Codes("active") is { } active)
        {
            var (yes, no) = (active.Contains("true"), active.Contains("false"));
            patients = patients.Where(patient => patient.ArchivedAt == null ? yes : no);
        }

        if (search.Identifiers("identifier", FhirSystems.PatientCode) is { Any: false, Values: var codes })
        {
            // Several are looked for one by one; of one, the index of words knows where it is.
            var digits = codes.Select(Patient.CodeIn).ToList();
            patients = patients.Where(patient => digits.Contains(patient.Id.ToString().Substring(28)));
            if (digits is [var one])
            {
                var sought = Patient.CodePrefix + one;
                patients = patients.Where(patient =>
                    db.FindPatients(groupId, sought).Any(found => found.Id == patient.Id)
                );
            }
        }

        foreach (var (text, exact) in search.Texts("name"))
        {
            if (caller.May(Access.HidePatientNames)) // they have none
                patients = patients.Where(_ => false);
            // Found by the index, which knows more words than those of the name.
            patients = patients.Where(patient => db.FindPatients(groupId, text).Any(found => found.Id == patient.Id));
            patients = exact
                ? patients.Where(patient =>
                    patient.FirstName == text
                    || patient.LastName == text
                    || patient.FirstName + " " + patient.LastName == text
                )
                : patients.Where(patient =>
                    (
                        " "
                        + EF.Property<string>(patient, PatientConfiguration.FirstNameKey)
                        + " "
                        + EF.Property<string>(patient, PatientConfiguration.LastNameKey)
                    ).Contains(" " + PatientPortalDbContext.Fold(text))
                );
        }

        if (search.Asks("birthdate") && search.Dates("birthdate") is var born)
        {
            if (born.FirstDay is { } first)
                patients = patients.Where(patient => patient.DateOfBirth >= first);
            if (born.UntilDay is { } until)
                patients = patients.Where(patient => patient.DateOfBirth < until);
        }

        return patients.ChangedWhen(search, patient => patient.UpdatedAt);
    }

    private static Hl7.Fhir.Model.Patient ResourceOf(Patient patient, Caller caller)
    {
        var resource = new Hl7.Fhir.Model.Patient
        {
            Id = patient.Id.ToString(),
            Meta = FhirResults.Meta(patient.UpdatedAt),
            Identifier = [new(FhirSystems.PatientCode, patient.Code)],
            Active = !patient.IsArchived,
            BirthDate = FhirResults.Day(patient.DateOfBirth),
            Gender = patient.Sex switch
            {
                null => null,
                Sex.Female => AdministrativeGender.Female,
                Sex.Male => AdministrativeGender.Male,
                Sex.Other => AdministrativeGender.Other,
                Sex.Unknown => AdministrativeGender.Unknown,
                var other => throw new ArgumentOutOfRangeException(nameof(patient), other, "Not a sex."),
            },
            ManagingOrganization = FhirResults.To(ResourceType.Organization, patient.GroupId),
        };
        if (caller.May(Access.HidePatientNames))
            return resource;

        resource.Name = [FhirPeople.Name(null, patient.FirstName, patient.LastName)];
        resource.Telecom = FhirPeople.Telecom(patient.Phone, patient.Email);
        resource.Address = FhirPeople.Address(patient.Address);
        if (patient.EmergencyContact is { } contact)
            resource.Contact =
            [
                new()
                {
                    Relationship =
                    [
                        new("http://terminology.hl7.org/CodeSystem/v2-0131", "C") { Text = contact.Relation },
                    ],
                    Name = contact.Name is { } name ? new() { Text = name } : null,
                    Telecom = FhirPeople.Telecom(contact.Phone, null),
                },
            ];
        return resource;
    }
}
