namespace Practice.PatientPortal.Domain.Exports;

/// <summary>An export as the member who asked for it reads it.</summary>
/// <param name="ExpiresAt">From then on it is gone.</param>
/// <param name="Files">How many files the archive has.</param>
/// <param name="File">The one that is being written; null where none is.</param>
/// <param name="Rows">How many rows have been written.</param>
internal sealed record ExportView(
    Guid Id,
    IReadOnlyList<ExportKind> Kinds,
    ExportStatus Status,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExpiresAt,
    int Files,
    string? File,
    long Rows,
    int DownloadsLeft
)
{
    public static ExportView Of(DataExport export, DateTimeOffset now) =>
        new(
            export.Id,
            export.Kinds,
            export.StatusAt(now),
            export.RequestedAt,
            export.ExpiresAt,
            export.Files,
            export.File,
            export.Rows,
            DataExport.MaxDownloads - export.Downloads
        );
}
