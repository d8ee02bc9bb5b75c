using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>One clinical record of a patient.</summary>
public sealed record ReadClinicalRecord(Guid GroupId, Guid PatientId, Guid RecordId)
    : Message,
        ICommand<ClinicalRecordView>;

internal sealed class ReadClinicalRecordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}", Get)
            .RequireMember()
            .WithName(nameof(ReadClinicalRecord))
            .WithTags("Patients")
            .Produces<ClinicalRecordView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReadClinicalRecord(groupId, patientId, recordId), ct)).ToHttp(Results.Ok);
}

public static class ReadClinicalRecordHandler
{
    public static async Task<ErrorOr<ClinicalRecordView>> Handle(
        ReadClinicalRecord command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        var records = db
            .ClinicalRecords.AsNoTracking()
            .Where(record =>
                record.GroupId == command.GroupId && record.PatientId == patient.Id && record.Id == command.RecordId
            );
        if (await db.VisibleToCaller(records).SingleOrDefaultAsync(ct) is not { } found)
            return CommonErrors.NotFound;

        work.Audit(PortalAudit.ClinicalRecordOpened, found.Id, command.GroupId, new { PatientId = patient.Id });
        // The holder reads the log, and must not learn of a record that is not shared.
        await AccessLogging.RecordByStaffAsync(
            db,
            work,
            bus,
            [patient],
            found.Shared ? AccessLogAction.ClinicalRecord : AccessLogAction.ClinicalRecords,
            clock.GetUtcNow(),
            found.Shared ? found.Id : null,
            ct
        );
        var attachments =
            found.Kind == ClinicalRecordKind.Document
                ? await db
                    .Attachments.AsNoTracking()
                    .Where(attachment => attachment.RecordId == found.Id)
                    .OrderBy(attachment => attachment.Id)
                    .ToListAsync(ct)
                : [];
        return ClinicalRecordView.WithAll(found, attachments);
    }
}
