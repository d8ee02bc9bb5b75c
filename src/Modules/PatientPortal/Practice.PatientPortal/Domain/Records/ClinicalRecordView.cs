namespace Practice.PatientPortal.Domain.Records;

/// <summary>A clinical record as staff read it.</summary>
public sealed record ClinicalRecordView(
    Guid Id,
    Guid PatientId,
    Guid AuthorId,
    string AuthorName,
    ClinicalRecordKind Kind,
    string Title,
    string Body,
    DateTimeOffset RecordedAt
)
{
    internal static ClinicalRecordView Of(ClinicalRecord record) =>
        new(
            record.Id,
            record.PatientId,
            record.AuthorId,
            record.AuthorName,
            record.Kind,
            record.Title,
            record.Body,
            record.RecordedAt
        );
}
