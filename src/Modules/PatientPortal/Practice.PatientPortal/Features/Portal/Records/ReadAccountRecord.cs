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
    DateTimeOffset RecordedAt
);

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
        var found = await (
            from record in db.ClinicalRecords.AsNoTracking()
            join patient in db.Patients on record.PatientId equals patient.Id
            where record.AccountId == command.AccountId && record.Id == command.RecordId
            select new AccountRecordText(
                record.Id,
                record.GroupId,
                patient.PracticeName,
                record.Kind,
                record.Title,
                record.Body,
                record.AuthorName,
                record.RecordedAt
            )
        ).SingleOrDefaultAsync(ct);
        if (found is null)
            return CommonErrors.NotFound;
        await db.OpenAccountAsync(work, AccessLogAction.ClinicalRecord, clock.GetUtcNow(), ct, found.Id);
        return found;
    }
}
