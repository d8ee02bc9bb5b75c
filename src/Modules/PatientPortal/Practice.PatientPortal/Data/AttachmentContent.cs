using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// The content of attachments: in the operator's directory, or in parts in the database, written in the transaction of
/// its row and read part by part, so that a slow reader holds no connection.
/// </summary>
internal static class AttachmentContent
{
    /// <summary>20 MB at 300 kbit/s.</summary>
    public static readonly TimeSpan MaxTransferTime = TimeSpan.FromMinutes(10);

    public static async Task WriteContentAsync(
        this PatientPortalDbContext db,
        Attachment attachment,
        FilesOptions files,
        Stream content,
        CancellationToken ct
    )
    {
        if (attachment.InDirectory)
        {
            await AttachmentFiles.WriteAsync(files.Directory!, attachment, content, ct);
            return;
        }

        await db.SaveChangesAsync(ct); // parts belong to a row
        var part = new byte[AttachmentChunk.Length];
        var number = 0;
        int read;
        while ((read = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, ct)) > 0)
        {
            var bytes = part[..read];
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into portal.attachment_chunks (attachment_id, number, group_id, content)
                values ({attachment.Id}, {number++}, {attachment.GroupId}, {bytes})
                """,
                ct
            );
        }
    }

    /// <summary>
    /// The file, to be saved and not to be shown in the browser. Each part is authorized again as of then.
    /// </summary>
    public static IResult Download(
        this PatientPortalDbContext db,
        HttpContext http,
        FilesOptions files,
        AttachmentFile attachment
    )
    {
        var mediaType = FileTypes.MediaTypeOf(attachment.Type);
        if (attachment.InDirectory)
            return AttachmentFiles.Open(files.Directory, attachment) is { } file
                ? Results.Stream(file, mediaType, attachment.Name)
                : PortalErrors.FileUnavailable.ToProblem();
        http.Response.ContentLength = attachment.Size;
        return Results.Stream(
            async body =>
            {
                var parts = (attachment.Size + AttachmentChunk.Length - 1) / AttachmentChunk.Length;
                for (var number = 0; number < parts; number++)
                {
                    var part = await db.ReadAsync(attachment.Id, number, http.RequestAborted);
                    await body.WriteAsync(part, http.RequestAborted);
                }
            },
            mediaType,
            attachment.Name
        );
    }

    private static Task<byte[]> ReadAsync(
        this PatientPortalDbContext db,
        Guid attachmentId,
        int number,
        CancellationToken ct
    ) =>
        db
            .AttachmentChunks.AsNoTracking()
            .Where(chunk => chunk.AttachmentId == attachmentId && chunk.Number == number)
            .Select(chunk => chunk.Content)
            .SingleAsync(ct);
}
