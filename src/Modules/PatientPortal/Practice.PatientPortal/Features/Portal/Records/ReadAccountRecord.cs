using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>One clinical record with its text.</summary>
public sealed record ReadAccountRecord(Guid AccountId, Guid RecordId) : Message, ICommand<AccountRecordText>;

public sealed record AccountRecordText(
    Guid Id,
    Guid GroupId,
    string Practice,
    ClinicalRecordKind Kind,
    string Title,
    string Body,
    string Author,
    DateTimeOffset RecordedAt,
    IReadOnlyList<AccountRecordAmendment> Amendments,
    IReadOnlyList<AccountRecordFile> Attachments
);

/// <summary>A file of the record.</summary>
public sealed record AccountRecordFile(Guid Id, string Name, string MediaType, int Size, DateTimeOffset AddedAt);

public sealed record AccountRecordAmendment(string Text, string Author, DateTimeOffset AddedAt);

internal sealed class ReadAccountRecordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/clinical-records/{recordId:guid}", Get)
            .RequireAccount(clinical: true)
            .WithName(nameof(ReadAccountRecord))
            .WithTags("Portal records")
            .Produces<AccountRecordText>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, Guid recordId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ReadAccountRecord(accountId, recordId), ct)).ToHttp(record => Results.Ok(record));
}

public static class ReadAccountRecordHandler
{
    public static async Task<ErrorOr<AccountRecordText>> Handle(
        ReadAccountRecord command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await FindAsync(command, db, ct) is not { } found)
            return CommonErrors.NotFound;
        await db.OpenAccountAsync(work, AccessLogAction.ClinicalRecord, clock.GetUtcNow(), found.Record.Id, ct);
        return new AccountRecordText(
            found.Record.Id,
            found.Record.GroupId,
            found.Practice,
            found.Record.Kind,
            found.Record.Title,
            found.Record.Body,
            found.Record.AuthorName,
            found.Record.RecordedAt,
            [.. found.Record.Amendments.Select(a => new AccountRecordAmendment(a.Text, a.AuthorName, a.AddedAt))],
            await FindFilesAsync(found.Record, db, ct)
        );
    }

    private static async Task<IReadOnlyList<AccountRecordFile>> FindFilesAsync(
        ClinicalRecord record,
        PatientPortalDbContext db,
        CancellationToken ct
    ) =>
        record.Kind == ClinicalRecordKind.Document
            ?
            [
                .. (
                    await db
                        .Attachments.AsNoTracking()
                        .Where(attachment => attachment.RecordId == record.Id)
                        .OrderBy(attachment => attachment.Id)
                        .ToListAsync(ct)
                ).Select(file => new AccountRecordFile(
                    file.Id,
                    file.Name,
                    FileTypes.MediaTypeOf(file.Type),
                    file.Size,
                    file.AddedAt
                )),
            ]
            : [];

    private static async Task<(ClinicalRecord Record, string Practice)?> FindAsync(
        ReadAccountRecord command,
        PatientPortalDbContext db,
        CancellationToken ct
    ) =>
        await (
            from record in db.ClinicalRecords.AsNoTracking()
            join patient in db.Patients on record.PatientId equals patient.Id
            where record.Shared && record.AccountId == command.AccountId && record.Id == command.RecordId
            select new { Record = record, patient.PracticeName }
        ).SingleOrDefaultAsync(ct)
            is { } found
            ? (found.Record, found.PracticeName)
            : null;
}
