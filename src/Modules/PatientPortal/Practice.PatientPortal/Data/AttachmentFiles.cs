using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// The content of attachments in a directory: a folder for each practice, and in it files named by the attachment. A
/// file is complete before its row is committed; one whose row never was is removed an hour later.
/// </summary>
internal static class AttachmentFiles
{
    private const string Incomplete = ".part";

    public static async Task WriteAsync(string directory, Attachment attachment, Stream content, CancellationToken ct)
    {
        var path = PathOf(directory, attachment.GroupId, attachment.Id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = PrivateFile.Create(path + Incomplete, FileAccess.Write))
        {
            await content.CopyToAsync(file, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Incomplete, path);
    }

    /// <summary>The content; null where it is not there, such as without the setting.</summary>
    public static Stream? Open(string? directory, AttachmentFile attachment)
    {
        try
        {
            return directory is null
                ? null
                : new FileStream(
                    PathOf(directory, attachment.GroupId, attachment.Id),
                    new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan }
                );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The files of each practice from between two times, by the id of the attachment.</summary>
    public static IEnumerable<(Guid GroupId, IReadOnlyList<Guid> Ids)> FilesBetween(
        string directory,
        DateTimeOffset first,
        DateTimeOffset last
    )
    {
        foreach (var folder in Directory.EnumerateDirectories(directory))
        {
            if (!Guid.TryParseExact(Path.GetFileName(folder), "n", out var groupId))
                continue;
            var ids = Directory
                .EnumerateFiles(folder)
                .Where(file =>
                    File.GetLastWriteTimeUtc(file) is var at && at >= first.UtcDateTime && at < last.UtcDateTime
                )
                .Select(file =>
                    Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "n", out var id) ? id : Guid.Empty
                )
                .Where(id => id != Guid.Empty)
                .Distinct();
            foreach (var some in ids.Chunk(500))
                yield return (groupId, some);
        }
    }

    public static void Remove(string directory, Guid groupId, Guid id)
    {
        var path = PathOf(directory, groupId, id);
        File.Delete(path);
        File.Delete(path + Incomplete);
    }

    private static string PathOf(string directory, Guid groupId, Guid id) =>
        Path.Combine(directory, $"{groupId:n}", $"{id:n}");
}
