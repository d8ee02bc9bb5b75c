using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>A file of a clinical record that is shared with the patient, to be saved.</summary>
public sealed record ReadAccountAttachment(Guid AccountId, Guid RecordId, Guid AttachmentId)
    : Message,
        ICommand<AttachmentFile>;

internal sealed class ReadAccountAttachmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet(
                "/api/portal/accounts/{accountId:guid}/clinical-records/{recordId:guid}"
                    + "/attachments/{attachmentId:guid}",
                Get
            )
            .RequireAccount(clinical: true)
            .WithName(nameof(ReadAccountAttachment))
            .WithTags("Portal records")
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithRequestTimeout(AttachmentContent.MaxTransferTime);

    private static async Task<IResult> Get(
        Guid accountId,
        Guid recordId,
        Guid attachmentId,
        PatientPortalDbContext db,
        IOptions<FilesOptions> files,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ReadAccountAttachment(accountId, recordId, attachmentId), ct)).ToHttp(attachment =>
            db.Download(http, files.Value, attachment)
        );
}

public static class ReadAccountAttachmentHandler
{
    public static async Task<ErrorOr<AttachmentFile>> Handle(
        ReadAccountAttachment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var found = await (
            from attachment in db.Attachments.AsNoTracking()
            join record in db.ClinicalRecords on attachment.RecordId equals record.Id
            where
                attachment.Id == command.AttachmentId
                && record.Id == command.RecordId
                && record.Shared
                && record.AccountId == command.AccountId
            select attachment
        ).SingleOrDefaultAsync(ct);
        if (found is null)
            return CommonErrors.NotFound;
        await db.OpenAccountAsync(work, AccessLogAction.ClinicalRecord, clock.GetUtcNow(), command.RecordId, ct);
        return AttachmentFile.Of(found);
    }
}
