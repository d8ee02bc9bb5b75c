using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>
/// The account's clinical records that its practices share, by the time that they are about, the latest first.
/// </summary>
public sealed record ListAccountRecords(Guid AccountId, Paging Paging) : Message, ICommand<Page<AccountRecord>>;

public sealed record AccountRecord(
    Guid Id,
    Guid GroupId,
    string Practice,
    ClinicalRecordKind Kind,
    string Title,
    string Author,
    DateTimeOffset RecordedAt
);

internal sealed class ListAccountRecordsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/clinical-records", Get)
            .RequireAccount(clinical: true)
            .WithName(nameof(ListAccountRecords))
            .WithTags("Portal records")
            .Produces<Page<AccountRecord>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, Paging paging, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ListAccountRecords(accountId, paging), ct)).ToHttp(page => Results.Ok(page));
}

public static class ListAccountRecordsHandler
{
    public static async Task<ErrorOr<Page<AccountRecord>>> Handle(
        ListAccountRecords command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Paging.AfterMomentAndId() is var after && after.IsError)
            return after.Errors;
        var account = await db.OpenAccountAsync(
            work,
            AccessLogAction.ClinicalRecords,
            clock.GetUtcNow(),
            subjectId: null,
            ct
        );
        var rows = await (
            from record in db.ClinicalRecords.AsNoTracking().After(after.Value)
            join patient in db.Patients on record.PatientId equals patient.Id
            where record.Shared && record.AccountId == account.Id
            orderby record.RecordedAt descending, record.Id descending
            select new AccountRecord(
                record.Id,
                record.GroupId,
                patient.PracticeName,
                record.Kind,
                record.Title,
                record.AuthorName,
                record.RecordedAt
            )
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(rows, row => row, row => [row.RecordedAt, row.Id]);
    }
}
