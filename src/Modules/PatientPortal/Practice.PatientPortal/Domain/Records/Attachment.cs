namespace Practice.PatientPortal.Domain.Records;

/// <summary>
/// A file of a clinical record of the kind document, such as a scan. Like the record it never changes. Those who see
/// the record see it.
/// </summary>
public sealed class Attachment
{
    /// <summary>The most of one record.</summary>
    internal const int MaxPerRecord = 20;

    private Attachment() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid RecordId { get; private init; }
    public string Name { get; private init; } = null!;

    /// <summary>By the content, whatever the sender said.</summary>
    public FileType Type { get; private init; }

    public int Size { get; private init; }

    /// <summary>Finds the same file sent twice.</summary>
    public byte[] Hash { get; private init; } = null!;

    /// <summary>Whether the content is a file in the operator's directory; else it is in the database.</summary>
    public bool InDirectory { get; private init; }

    public Guid AddedById { get; private init; }
    public string AddedByName { get; private init; } = null!;
    public DateTimeOffset AddedAt { get; private init; }

    internal static Attachment Of(
        Guid id,
        ClinicalRecord record,
        string name,
        FileContent content,
        bool inDirectory,
        (Guid Id, string Name) by,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = id,
            GroupId = record.GroupId,
            PatientId = record.PatientId,
            RecordId = record.Id,
            Name = name,
            Type = content.Type,
            Size = content.Size,
            Hash = content.Hash,
            InDirectory = inDirectory,
            AddedById = by.Id,
            AddedByName = by.Name,
            AddedAt = now,
        };
}

/// <summary>What is needed to send the file.</summary>
public sealed record AttachmentFile(Guid Id, Guid GroupId, string Name, FileType Type, int Size, bool InDirectory)
{
    internal static AttachmentFile Of(Attachment attachment) =>
        new(
            attachment.Id,
            attachment.GroupId,
            attachment.Name,
            attachment.Type,
            attachment.Size,
            attachment.InDirectory
        );
}

/// <summary>A part of a file in the database: no file is ever in memory as a whole.</summary>
public sealed class AttachmentChunk
{
    internal const int Length = 256 * 1024;

    public Guid AttachmentId { get; init; }

    /// <summary>From 0, without gaps.</summary>
    public int Number { get; init; }

    public Guid GroupId { get; init; }
    public byte[] Content { get; init; } = null!;
}

/// <summary>An attachment as it is listed.</summary>
/// <param name="MediaType">By the content of the file.</param>
/// <param name="Size">In bytes.</param>
public sealed record AttachmentView(
    Guid Id,
    string Name,
    string MediaType,
    int Size,
    string AddedByName,
    DateTimeOffset AddedAt
)
{
    internal static AttachmentView Of(Attachment attachment) =>
        new(
            attachment.Id,
            attachment.Name,
            FileTypes.MediaTypeOf(attachment.Type),
            attachment.Size,
            attachment.AddedByName,
            attachment.AddedAt
        );
}
