namespace Practice.PatientPortal.Domain.Records;

/// <summary>A clinical record as staff read it.</summary>
/// <param name="Shared">Whether the portal shows it to the patient, and to those with clinical access.</param>
/// <param name="WithholdReason">Why it was withheld from the patient, if it was.</param>
/// <param name="AmendmentCount">How many amendments it has.</param>
/// <param name="Amendments">Oldest first; null in a list.</param>
/// <param name="Attachments">Its files, oldest first; null in a list.</param>
public sealed record ClinicalRecordView(
    Guid Id,
    Guid PatientId,
    Guid AuthorId,
    string AuthorName,
    ClinicalRecordKind Kind,
    string Title,
    string Body,
    DateTimeOffset RecordedAt,
    bool Shared,
    string? WithholdReason,
    int AmendmentCount,
    IReadOnlyList<Amendment>? Amendments,
    IReadOnlyList<AttachmentView>? Attachments
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
            record.RecordedAt,
            record.Shared,
            record.WithholdReason,
            record.Amendments.Count,
            null,
            null
        );

    internal static ClinicalRecordView WithAll(ClinicalRecord record, IEnumerable<Attachment> attachments) =>
        Of(record) with
        {
            Amendments = record.Amendments,
            Attachments = [.. attachments.Select(AttachmentView.Of)],
        };
}
