using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Requests;

/// <summary>The health notes sent from the account, newest first.</summary>
public sealed record ListHealthNotes(Guid AccountId, Paging Paging) : Message, ICommand<Page<HealthNote>>;

public sealed record HealthNote(
    Guid Id,
    Guid GroupId,
    string Practice,
    string Text,
    string SentBy,
    DateTimeOffset SentAt,
    RequestStatus Status
);

internal sealed class ListHealthNotesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/health-notes", Get)
            .RequireAccount(clinical: true)
            .WithName(nameof(ListHealthNotes))
            .WithTags("Portal records")
            .Produces<Page<HealthNote>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, Paging paging, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ListHealthNotes(accountId, paging), ct)).ToHttp(page => Results.Ok(page));
}

public static class ListHealthNotesHandler
{
    public static async Task<ErrorOr<Page<HealthNote>>> Handle(
        ListHealthNotes command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;
        var account = await db.OpenAccountAsync(
            work,
            AccessLogAction.HealthNotes,
            clock.GetUtcNow(),
            subjectId: null,
            ct
        );
        var rows = await (
            from request in db.Requests.AsNoTracking()
            join patient in db.Patients on request.PatientId equals patient.Id
            where
                request.AccountId == account.Id
                && request.Kind == RequestKind.HealthNote
                && (after.Value == null || request.Id < after.Value)
            orderby request.Id descending
            select new HealthNote(
                request.Id,
                request.GroupId,
                patient.PracticeName,
                request.Text!,
                request.SentByName,
                request.SentAt,
                request.Status
            )
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(rows, row => row, row => [row.Id]);
    }
}
