using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Idempotency;

namespace Practice.PatientPortal.Features.Staff.Records;

/// <summary>
/// Attaches a file to a clinical record of the kind document: a PDF, a JPEG or PNG picture, or text, by its content.
/// Who sees the record sees the file. The same file under the same name is attached once.
/// </summary>
public sealed record AddAttachment(Guid GroupId, Guid PatientId, Guid RecordId, string? Name, UploadedFile File)
    : Message,
        ICommand<NewResource>
{
    /// <summary>Chosen before anything is written, so that its file is found where its row was not committed.</summary>
    public Guid AttachmentId { get; } = Guid.CreateVersion7();
}

internal sealed class AddAttachmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost(
                "/api/groups/{groupId:guid}/patients/{patientId:guid}/clinical-records/{recordId:guid}/attachments",
                Post
            )
            .RequireAccess(Access.None)
            .WithoutIdempotency() // a repeat finds the file; its content is not to be kept
            .WithName(nameof(AddAttachment))
            .WithTags("Patients")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithRequestTimeout(AttachmentContent.MaxTransferTime);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Guid recordId,
        string? name,
        UploadedFile file,
        IModuleBus bus,
        IOptions<FilesOptions> files,
        CancellationToken ct
    )
    {
        var command = new AddAttachment(groupId, patientId, recordId, name, file);
        ErrorOr<NewResource> result;
        try
        {
            result = await bus.SendAsync(command, ct);
        }
        // Its row may be committed yet. If it is not, the file is set aside.
        catch (Exception failed) when (failed is not UncertainCommitException)
        {
            await RemoveFileAsync();
            throw;
        }

        if (result.IsError)
            await RemoveFileAsync();
        return result.ToHttp(made =>
            Results.Created(
                $"/api/groups/{groupId}/patients/{patientId}/clinical-records/{recordId}/attachments/{made.Id}",
                made
            )
        );

        // Else each refused or cancelled call would leave 20 MB in the directory.
        async Task RemoveFileAsync()
        {
            if (files.Value.Directory is not null)
                await bus.InvokeAsSystemAsync(
                    new RemoveRefusedFile(groupId, command.AttachmentId),
                    CancellationToken.None
                );
        }
    }
}

public static class AddAttachmentHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        AddAttachment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<FilesOptions> files,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = await FileTypes.ReadAsync(command.File.Read(), ct);
        var locked = await db.LockForWritingAsync(work, bus, command.GroupId, command.PatientId, command.RecordId, ct);
        if (locked.IsError)
            return locked.Errors;
        var (record, member) = locked.Value;
        if (record.Kind != ClinicalRecordKind.Document)
            return PortalErrors.NotADocument;
        if (command.File.IsEmpty)
            return PortalErrors.FileEmpty;
        if (content is null)
            return PortalErrors.FileTypeUnknown;
        if (FileTypes.NameFor(content.Type, FileNames.Clean(command.Name)) is not { } name)
            return PortalErrors.FileNameDiffers;

        var others = await db.Attachments.AsNoTracking().Where(a => a.RecordId == record.Id).ToListAsync(ct);
        if (others.Find(other => other.Name == name && other.Hash.AsSpan().SequenceEqual(content.Hash)) is { } same)
        {
            await AttachmentFiles.WriteIfMissingAsync(files.Value.Directory, same, command.File.Read(), ct);
            return new NewResource(same.Id);
        }
        if (others.Count >= Attachment.MaxPerRecord)
            return PortalErrors.TooManyAttachments;

        var attachment = Attachment.Of(
            command.AttachmentId,
            record,
            name,
            content,
            inDirectory: files.Value.Directory is not null,
            (member.UserId, member.Name),
            clock.GetUtcNow()
        );
        db.Attachments.Add(attachment);
        db.NoteChange(record); // who follows the changes of records reads it again, with the file
        await db.WriteContentAsync(attachment, files.Value, command.File.Read(), ct);
        if (!await db.TakeRoomAsync(command.GroupId, content.Size, files.Value.MaxBytesPerPractice, ct))
            return PortalErrors.PracticeFilesFull;
        work.Audit(
            PortalAudit.AttachmentAdded,
            attachment.Id,
            command.GroupId,
            new
            {
                record.PatientId,
                RecordId = record.Id,
                attachment.Type,
                attachment.Size,
            }
        );
        await work.TellWebhooksAsync(record.ToEvent(ClinicalRecordStep.FileAttached, attachment.Id));
        return new NewResource(attachment.Id);
    }
}

/// <summary>Removes the file of an attachment that was not added, at once: no other database has a row of it.</summary>
public sealed record RemoveRefusedFile(Guid GroupId, Guid Id) : Message, ICommand<Success>, IInGroup;

public static class RemoveRefusedFileHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RemoveRefusedFile command,
        PatientPortalDbContext db,
        IOptions<FilesOptions> files,
        CancellationToken ct
    )
    {
        if (!await db.Attachments.AnyAsync(a => a.GroupId == command.GroupId && a.Id == command.Id, ct))
            AttachmentFiles.Remove(files.Value.Directory!, command.GroupId, command.Id);
        return Result.Success;
    }
}
