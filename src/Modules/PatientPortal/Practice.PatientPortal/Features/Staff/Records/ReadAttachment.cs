using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>A file of a clinical record, to be saved.</summary>
public sealed record ReadAttachment(Guid GroupId, Guid PatientId, Guid RecordId, Guid AttachmentId)
    : Message,
        ICommand<AttachmentFile>;

internal sealed class ReadAttachmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet(
                "/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}"
                    + "/attachments/{attachmentId:guid}",
                Get
            )
            .RequireMember()
            .WithName(nameof(ReadAttachment))
            .WithTags("Patients")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithRequestTimeout(AttachmentContent.MaxTransferTime);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        Guid attachmentId,
        PatientPortalDbContext db,
        IOptions<FilesOptions> files,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ReadAttachment(groupId, patientId, recordId, attachmentId), ct)).ToHttp(attachment =>
            db.Download(http, files.Value, attachment)
        );
}

public static class ReadAttachmentHandler
{
    public static async Task<ErrorOr<AttachmentFile>> Handle(
        ReadAttachment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        var record = await db.VisibleToCaller(
                db.ClinicalRecords.AsNoTracking()
                    .Where(record =>
                        record.GroupId == command.GroupId
                        && record.PatientId == patient.Id
                        && record.Id == command.RecordId
                    )
            )
            .SingleOrDefaultAsync(ct);
        var attachment = await db
            .Attachments.AsNoTracking()
            .SingleOrDefaultAsync(a => a.RecordId == command.RecordId && a.Id == command.AttachmentId, ct);
        if (record is null || attachment is null)
            return CommonErrors.NotFound;

        work.Audit(
            PortalAudit.AttachmentOpened,
            attachment.Id,
            command.GroupId,
            new { PatientId = patient.Id, RecordId = record.Id }
        );
        // The holder reads the log, and must not learn of a record that is not shared.
        await AccessLogging.RecordByStaffAsync(
            db,
            work,
            bus,
            [patient],
            record.Shared ? AccessLogAction.ClinicalRecord : AccessLogAction.ClinicalRecords,
            clock.GetUtcNow(),
            record.Shared ? record.Id : null,
            ct
        );
        return AttachmentFile.Of(attachment);
    }
}
