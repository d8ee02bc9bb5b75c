using System.Text;
using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Fhir;
using Attachment = Practice.PatientPortal.Domain.Records.Attachment;
using Patient = Practice.PatientPortal.Domain.Patients.Patient;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>
/// Clinical records (https://hl7.org/fhir/R4/documentreference.html) of one patient: the text, what was amended, and
/// where the files are.
/// </summary>
public sealed record ReadFhirDocuments(Guid GroupId, FhirSearch Search, string FilesOf) : Message, ICommand<FhirPage>;

internal sealed class ReadFhirDocumentsEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/DocumentReference";

    private static readonly FhirType Type = new(
        ResourceType.DocumentReference,
        "A clinical record: a note, letter, result or document. The first content is its text, then come amendments "
            + "and files. Files are downloaded from the API with the same token.",
        Versioned: true,
        new FhirParameter("patient", SearchParamType.Reference, "Whose it is.", ResourceType.Patient, Required: true),
        new FhirParameter(
            "date",
            SearchParamType.Date,
            "When it was recorded. Days are those of the operator's time zone."
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
        IOptions<PublicUrlOptions> site,
        CancellationToken ct
    ) =>
        (
            await bus.SendAsync(
                new ReadFhirDocuments(groupId, search, site.Value.UrlOf($"/api/groups/{groupId}/patients")),
                ct
            )
        ).ToFhir(http, search);
}

public static class ReadFhirDocumentsHandler
{
    private const string PlainText = "text/plain; charset=utf-8";

    public static async Task<ErrorOr<FhirPage>> Handle(
        ReadFhirDocuments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search, files) = command;
        if (search.Errors.Count > 0)
            return search.Errors.ToList();
        var asked = search.OneReference("patient");
        if (asked.IsError)
            return asked.Errors;

        Patient? patient = null;
        var records = db.VisibleToCaller(db.ClinicalRecords.AsNoTracking().Where(record => record.GroupId == groupId));
        if (search.Asks("patient"))
        {
            if (asked.Value is not { } one || (patient = await db.FindPatientAsync(groupId, one, ct)) is null)
                return new FhirPage([], null);
            records = records.Where(record => record.PatientId == one);
        }
        else
            records = db.OfVisiblePatients(records, groupId, record => record.PatientId);

        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);
        var rows = await PageOf(records, search, search.Dates("date", zone)).ToListAsync(ct);
        var patients = await FindPatientsAsync(db, groupId, patient, rows, ct);
        var page = rows.Take(search.Count).ToList();
        var shown = page.ConvertAll(row => row.Id);
        var attachments = (
            await db
                .Attachments.AsNoTracking()
                .Where(attachment => attachment.GroupId == groupId && shown.Contains(attachment.RecordId))
                .OrderBy(attachment => attachment.Id)
                .ToListAsync(ct)
        ).ToLookup(attachment => attachment.RecordId);

        var clients = await bus.FindClientsAsync(groupId, page.Select(record => record.AuthorId), ct);
        List<Patient> named = [.. page.Select(row => patients[row.PatientId]).Distinct()];
        await LogAsync(db, work, bus, search, named, page, clock.GetUtcNow(), ct);
        return search.Page(
            rows,
            record => ResourceOf(record, attachments[record.Id], clients, files),
            record => (search.ByChange ? record.UpdatedAt : default, record.Id.ToString())
        );
    }

    private static IQueryable<ClinicalRecord> PageOf(
        IQueryable<ClinicalRecord> records,
        FhirSearch search,
        FhirDates recorded
    )
    {
        if (search.Ids() is { } ids)
            records = records.Where(record => ids.Contains(record.Id));
        if (recorded.From is { } first)
            records = records.Where(record => record.RecordedAt >= first);
        if (recorded.Until is { } end)
            records = records.Where(record => record.RecordedAt < end);
        records = records.ChangedWhen(search, record => record.UpdatedAt);
        return records.PageOf(search, record => record.UpdatedAt, record => record.Id);
    }

    /// <summary>Of these records, those patients whom the caller sees.</summary>
    private static async Task<Dictionary<Guid, Patient>> FindPatientsAsync(
        PatientPortalDbContext db,
        Guid groupId,
        Patient? patient,
        List<ClinicalRecord> records,
        CancellationToken ct
    )
    {
        if (patient is not null)
            return new() { [patient.Id] = patient };
        var ids = records.Select(record => record.PatientId).Distinct().ToList();
        return ids.Count == 0
            ? []
            : await db.VisiblePatients(groupId)
                .AsNoTracking()
                .Where(patient => ids.Contains(patient.Id))
                .ToDictionaryAsync(patient => patient.Id, ct);
    }

    /// <summary>As the API does: the holder reads the log, and must not learn of a record that is not shared.</summary>
    private static async System.Threading.Tasks.Task LogAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        FhirSearch search,
        List<Patient> patients,
        List<ClinicalRecord> records,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (search.IsRead && records is [var opened])
        {
            work.Audit(PortalAudit.ClinicalRecordOpened, opened.Id, opened.GroupId, new { opened.PatientId });
            await AccessLogging.RecordByStaffAsync(
                db,
                work,
                bus,
                patients,
                opened.Shared ? AccessLogAction.ClinicalRecord : AccessLogAction.ClinicalRecords,
                now,
                opened.Shared ? opened.Id : null,
                ct
            );
            return;
        }

        foreach (var patient in patients)
            work.Audit(PortalAudit.ClinicalRecordsOpened, patient.Id, patient.GroupId);
        await AccessLogging.RecordByStaffAsync(
            db,
            work,
            bus,
            patients,
            AccessLogAction.ClinicalRecords,
            now,
            subjectId: null,
            ct
        );
    }

    private static DocumentReference ResourceOf(
        ClinicalRecord record,
        IEnumerable<Attachment> attachments,
        IReadOnlyDictionary<Guid, string> clients,
        string files
    ) =>
        new()
        {
            Id = record.Id.ToString(),
            Meta = FhirResults.Meta(record.UpdatedAt),
            Status = DocumentReferenceStatus.Current,
            DocStatus = record.Amendments.Count > 0 ? CompositionStatus.Amended : CompositionStatus.Final,
            Type = FhirResults.Text($"{record.Kind}"),
            Subject = FhirResults.To(ResourceType.Patient, record.PatientId),
            Date = FhirResults.Milliseconds(record.RecordedAt),
            Author = [FhirWriters.Of(record.AuthorId, clients, record.AuthorName)],
            Custodian = FhirResults.To(ResourceType.Organization, record.GroupId),
            Description = record.Title,
            Content =
            [
                Content(Text(record.Title, record.Body, record.RecordedAt)),
                .. record.Amendments.Select(amendment =>
                    Content(Text($"Amendment by {amendment.AuthorName}", amendment.Text, amendment.AddedAt))
                ),
                .. attachments.Select(attachment =>
                    Content(
                        new()
                        {
                            ContentType = FileTypes.MediaTypeOf(attachment.Type),
                            Title = attachment.Name,
                            SizeElement = new UnsignedInt(attachment.Size), // Size is of R5, which writes a string
                            CreationElement = FhirResults.Time(attachment.AddedAt),
                            Url =
                                $"{files}/{record.PatientId}/clinical-records/{record.Id}/attachments/{attachment.Id}",
                        }
                    )
                ),
            ],
        };

    private static Hl7.Fhir.Model.Attachment Text(string title, string text, DateTimeOffset at) =>
        new()
        {
            ContentType = PlainText,
            Title = title,
            Data = Encoding.UTF8.GetBytes(text),
            CreationElement = FhirResults.Time(at),
        };

    private static DocumentReference.ContentComponent Content(Hl7.Fhir.Model.Attachment attachment) =>
        new() { Attachment = attachment };
}
