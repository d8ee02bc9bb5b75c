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
        File.Delete(path + Incomplete); // of a call that was cut off
        await using (var file = PrivateFile.Create(path + Incomplete, FileAccess.Write))
        {
            await content.CopyToAsync(file, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Incomplete, path, overwrite: true); // by a call that is tried again
    }

    /// <summary>Heals an attachment whose file was lost, by the same file.</summary>
    public static async Task WriteIfMissingAsync(
        string? directory,
        Attachment attachment,
        Stream content,
        CancellationToken ct
    )
    {
        if (directory is null || !attachment.InDirectory)
            return;
        await using var there = Open(directory, attachment.GroupId, attachment.Id);
        if (there is null)
            await WriteAsync(directory, attachment, content, ct);
    }

    /// <summary>The content; null where it is not there, such as without the setting.</summary>
    public static Stream? Open(string? directory, AttachmentFile attachment) =>
        directory is null ? null : Open(directory, attachment.GroupId, attachment.Id);

    private static FileStream? Open(string directory, Guid groupId, Guid id)
    {
        var path = PathOf(directory, groupId, id);
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

    /// <summary>The practices that have a folder.</summary>
    public static IEnumerable<Guid> Practices(string directory) =>
        Directory
            .EnumerateDirectories(directory)
            .Select(folder => Guid.TryParseExact(Path.GetFileName(folder), "n", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty);

    /// <summary>
    /// The files of a practice from between two times, and those set aside, by the id of the attachment, in portions.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Guid>> FilesToLookAt(
        string directory,
        Guid groupId,
        DateTimeOffset first,
        DateTimeOffset last,
        CancellationToken ct
    ) =>
        Directory
            .EnumerateFiles(Path.Combine(directory, $"{groupId:n}"))
            .TakeWhile(_ => !ct.IsCancellationRequested)
            .Where(file =>
                Path.GetExtension(file) == Unknown
                || (File.GetLastWriteTimeUtc(file) is var at && at >= first.UtcDateTime && at < last.UtcDateTime)
            )
            .Select(file =>
                Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "n", out var id) ? id : Guid.Empty
            )
            .Where(id => id != Guid.Empty)
            .Distinct()
            .Chunk(500);

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
