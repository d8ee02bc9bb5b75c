using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// The content of attachments in a directory: a folder for each practice, and in it files named by the attachment. A
/// file is complete before its row is committed. One without a row is set aside after an hour and removed a month
/// later: the database may be an older one that was restored, or a trial beside the one that has the row.
/// </summary>
internal static class AttachmentFiles
{
    private const string Incomplete = ".part";
    private const string Unknown = ".unknown";

    private static readonly TimeSpan UnknownKeptFor = TimeSpan.FromDays(30);

    public static async Task WriteAsync(string directory, Attachment attachment, Stream content, CancellationToken ct)
    {
        var path = PathOf(directory, attachment.GroupId, attachment.Id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = PrivateFile.Create(path + Incomplete, FileAccess.Write))
        {
            await content.CopyToAsync(file, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Incomplete, path, overwrite: true); // by a call that is tried again
    }

    /// <summary>The content; null where it is not there, such as without the setting.</summary>
    public static Stream? Open(string? directory, AttachmentFile attachment)
    {
        if (directory is null)
            return null;
        var path = PathOf(directory, attachment.GroupId, attachment.Id);
        return TryOpen(path) ?? TryOpen(path + Unknown) ?? TryOpen(path); // it may be put back right now
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(
                path,
                new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan }
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// The files of each practice from between two times, and those set aside, by the id of the attachment.
    /// </summary>
    public static IEnumerable<(Guid GroupId, IReadOnlyList<Guid> Ids)> FilesToLookAt(
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
                    Path.GetExtension(file) == Unknown
                    || (File.GetLastWriteTimeUtc(file) is var at && at >= first.UtcDateTime && at < last.UtcDateTime)
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

    /// <summary>Removes a file of which no database has a row.</summary>
    public static void Remove(string directory, Guid groupId, Guid id)
    {
        var path = PathOf(directory, groupId, id);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return;
        File.Delete(path);
        File.Delete(path + Incomplete);
    }

    /// <summary>Sets aside a file that no row has; one that was set aside a month ago is removed.</summary>
    public static void SetAside(string directory, Guid groupId, Guid id, DateTimeOffset now)
    {
        var path = PathOf(directory, groupId, id);
        File.Delete(path + Incomplete);
        if (
            File.Exists(path + Unknown)
            && File.GetLastWriteTimeUtc(path + Unknown) < (now - UnknownKeptFor).UtcDateTime
        )
            File.Delete(path + Unknown);
        try
        {
            File.SetLastWriteTimeUtc(path, now.UtcDateTime); // its month begins
            File.Move(path, path + Unknown, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // It was incomplete, or another host has done this.
        }
    }

    public static void PutBack(string directory, Guid groupId, Guid id)
    {
        var path = PathOf(directory, groupId, id);
        try
        {
            File.Move(path + Unknown, path, overwrite: true); // who restored files has it twice
        }
        catch (FileNotFoundException)
        {
            // It was not set aside, or another host has done this.
        }
    }

    private static string PathOf(string directory, Guid groupId, Guid id) =>
        Path.Combine(directory, $"{groupId:n}", $"{id:n}");
}
