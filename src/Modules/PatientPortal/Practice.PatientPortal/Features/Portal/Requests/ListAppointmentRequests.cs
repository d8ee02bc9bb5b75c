using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Requests;

/// <summary>The appointments requested from the account with their status, newest first.</summary>
public sealed record ListAppointmentRequests(Guid AccountId, Paging Paging)
    : Message,
        ICommand<Page<AppointmentRequestView>>;

/// <param name="Reason">Clinical: null for who may not see clinical data.</param>
public sealed record AppointmentRequestView(
    Guid Id,
    Guid GroupId,
    string Practice,
    DateTimeOffset? StartsAt,
    string? Reason,
    string SentBy,
    DateTimeOffset SentAt,
    RequestStatus Status,
    Guid? AppointmentId
);

internal sealed class ListAppointmentRequestsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/appointment-requests", Get)
            .RequireAccount()
            .WithName(nameof(ListAppointmentRequests))
            .WithTags("Portal records")
            .Produces<Page<AppointmentRequestView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, Paging paging, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ListAppointmentRequests(accountId, paging), ct)).ToHttp(page => Results.Ok(page));
}

public static class ListAppointmentRequestsHandler
{
    public static async Task<ErrorOr<Page<AppointmentRequestView>>> Handle(
        ListAppointmentRequests command,
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
            AccessLogAction.AppointmentRequests,
            clock.GetUtcNow(),
            subjectId: null,
            ct
        );
        var clinical = work.Caller.Account.Clinical;
        var rows = await (
            from request in db.Requests.AsNoTracking()
            join patient in db.Patients on request.PatientId equals patient.Id
            where
                request.AccountId == account.Id
                && request.Kind == RequestKind.Appointment
                && (after.Value == null || request.Id < after.Value)
            orderby request.Id descending
            select new AppointmentRequestView(
                request.Id,
                request.GroupId,
                patient.PracticeName,
                request.StartsAt,
                clinical ? request.Text : null,
                request.SentByName,
                request.SentAt,
                request.Status,
                request.AppointmentId
            )
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(rows, row => row, row => [row.Id]);
    }
}
