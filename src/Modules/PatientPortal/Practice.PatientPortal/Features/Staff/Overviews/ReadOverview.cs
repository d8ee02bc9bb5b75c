using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Overviews;

/// <summary>
/// What waits in a practice, as far as the caller sees it: only numbers, so that no patient is shown.
/// </summary>
public sealed record ReadOverview(Guid GroupId) : Message, ICommand<Overview>;

/// <param name="OpenRequests">Up to 100.</param>
/// <param name="Unpaid">By currency.</param>
public sealed record Overview(int OpenRequests, IReadOnlyList<UnpaidInvoices> Unpaid);

/// <param name="Overdue">How many of the invoices were due before today.</param>
public sealed record UnpaidInvoices(string Currency, int Invoices, string Balance, int Overdue);

internal sealed class ReadOverviewEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/overview", Get)
            .RequireMember()
            .WithName(nameof(ReadOverview))
            .WithTags("Overview")
            .Produces<Overview>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid groupId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ReadOverview(groupId), ct)).ToHttp(Results.Ok);
}

public static class ReadOverviewHandler
{
    public static async Task<ErrorOr<Overview>> Handle(
        ReadOverview command,
        PatientPortalDbContext db,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, today) = (command.GroupId, PortalDays.Today(clock.GetUtcNow(), options.Value.TimeZone));
        var open = await db.CountOpenRequestsAsync(bus, groupId, ct);
        var invoices = db.VisibleToCaller(db.Invoices.Where(invoice => invoice.GroupId == groupId));
        var unpaid = await db.OfVisiblePatients(invoices, groupId, invoice => invoice.PatientId)
            .Where(Invoice.IsUnpaid)
            .GroupBy(invoice => invoice.Currency)
            .Select(sum => new
            {
                Currency = sum.Key,
                Invoices = sum.Count(),
                Balance = sum.Sum(invoice => invoice.Total - invoice.Paid),
                Overdue = sum.Count(invoice => invoice.DueOn < today),
            })
            .OrderBy(sum => sum.Currency)
            .ToListAsync(ct);
        return new Overview(
            open,
            [
                .. unpaid.Select(sum => new UnpaidInvoices(
                    sum.Currency,
                    sum.Invoices,
                    Money.Text(sum.Balance, sum.Currency),
                    sum.Overdue
                )),
            ]
        );
    }
}
