using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Practice.Time;

namespace Practice.PatientPortal.Features.Staff.Reports;

/// <summary>
/// What the invoices that were issued in a period came to, by practitioner, location or month, and by currency: those
/// that the caller's list of invoices shows. Without <c>to</c> the period ends today, without <c>from</c> it is twelve
/// months.
/// </summary>
public sealed record ReportInvoices(
    Guid GroupId,
    QueryValue<DateOnly>? From,
    QueryValue<DateOnly>? To,
    QueryValue<ReportBy>? By
) : Message, ICommand<InvoiceReport>;

public enum ReportBy
{
    Practitioner,
    Location,
    Month,
}

/// <param name="From">The first day of issue that counts.</param>
/// <param name="To">The last one.</param>
public sealed record InvoiceReport(DateOnly From, DateOnly To, ReportBy By, IReadOnlyList<InvoiceFigures> Items);

/// <param name="Key">The practitioner's or location's id, or the month as <c>2026-03</c>; null for no location.</param>
/// <param name="Name">Null where there is no location, or nobody knows it any more.</param>
/// <param name="Invoices">How many there are, void ones included.</param>
/// <param name="Issued">
/// The sum of their totals, void ones included: it is <paramref name="Paid"/>, <paramref name="Outstanding"/> and
/// <paramref name="Voided"/> together.
/// </param>
/// <param name="Paid">What has been paid of them so far, whenever it came in.</param>
/// <param name="Outstanding">What is still to be paid.</param>
public sealed record InvoiceFigures(
    string? Key,
    string? Name,
    string Currency,
    int Invoices,
    string Issued,
    string Paid,
    string Outstanding,
    string Voided
);

internal sealed class ReportInvoicesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/reports/invoices", Get)
            .RequireAccess(Access.FinancialReports, changes: false)
            .WithName(nameof(ReportInvoices))
            .WithTags("Invoices")
            .Produces<InvoiceReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        QueryValue<DateOnly>? from,
        QueryValue<DateOnly>? to,
        QueryValue<ReportBy>? by,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReportInvoices(groupId, from, to, by), ct)).ToHttp(Results.Ok);
}

public static class ReportInvoicesHandler
{
    private const int UsualMonths = 12;
    private const int MaxYears = 10;

    public static async Task<ErrorOr<InvoiceReport>> Handle(
        ReportInvoices command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, from, to, by) = command;
        var first = QueryText.Day(nameof(from), from);
        var last = QueryText.Day(nameof(to), to);
        var one = QueryText.OneOf(nameof(by), by);
        List<Error> wrong = [.. first.ErrorsOrEmptyList, .. last.ErrorsOrEmptyList, .. one.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return wrong;
        var end = last.Value ?? PortalDays.Today(clock.GetUtcNow(), options.Value.TimeZone);
        if (!IsoTime.IsPlausible(end))
            return ApiError.InvalidField(nameof(to), PlausibleTimes.DaySentence);
        var begin = first.Value ?? end.AddDays(1 - end.Day).AddMonths(1 - UsualMonths);
        if (begin > end || begin < end.AddYears(-MaxYears))
            return ApiError.InvalidField(nameof(from), $"Not after to, and at most {MaxYears} years before it.");

        var invoices = db.WithPatients(
            db.VisibleToCaller(
                db.Invoices.AsNoTracking()
                    .Where(invoice =>
                        invoice.GroupId == groupId && invoice.IssuedOn >= begin && invoice.IssuedOn <= end
                    )
            ),
            groupId
        );
        var what = one.Value ?? ReportBy.Month;
        var figures = what switch
        {
            ReportBy.Practitioner => await ByPractitionerAsync(invoices, bus, groupId, ct),
            ReportBy.Location => await ByLocationAsync(invoices, bus, groupId, ct),
            ReportBy.Month => await ByMonthAsync(invoices, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(command), what, "Not a way to sum up."),
        };
        work.Audit(
            PortalAudit.ReportOpened,
            groupId,
            groupId,
            new
            {
                From = begin,
                To = end,
                By = what.ToCode(),
            }
        );
        return new InvoiceReport(begin, end, what, figures);
    }

    private static async Task<IReadOnlyList<InvoiceFigures>> ByPractitionerAsync(
        IQueryable<InvoiceOfPatient> invoices,
        IModuleBus bus,
        Guid groupId,
        CancellationToken ct
    )
    {
        var sums = await SumAsync(
            invoices,
            row => new { Id = row.Invoice.PractitionerId ?? row.Invoice.IssuedById, row.Invoice.Currency },
            ct
        );
        var people = (
            await bus.QueryAsync(new FindMembers(groupId, [.. sums.Select(sum => sum.Key.Id).Distinct()]), ct)
        ).Members.ToDictionary(member => member.UserId, member => member.Name);
        return ByName(
            sums.Select(sum => sum.Figures($"{sum.Key.Id}", people.GetValueOrDefault(sum.Key.Id), sum.Key.Currency))
        );
    }

    private static async Task<IReadOnlyList<InvoiceFigures>> ByLocationAsync(
        IQueryable<InvoiceOfPatient> invoices,
        IModuleBus bus,
        Guid groupId,
        CancellationToken ct
    )
    {
        var sums = await SumAsync(invoices, row => new { Id = row.Invoice.LocationId, row.Invoice.Currency }, ct);
        var ids = sums.Select(sum => sum.Key.Id).OfType<Guid>().Distinct().ToList();
        var places = (await bus.QueryAsync(new FindLocations(groupId, ids), ct)).Locations.ToDictionary(
            place => place.LocationId,
            place => place.Name
        );
        return ByName(
            sums.Select(sum =>
                sum.Figures(
                    sum.Key.Id?.ToString(),
                    sum.Key.Id is { } id ? places.GetValueOrDefault(id) : null,
                    sum.Key.Currency
                )
            )
        );
    }

    /// <summary>
    /// A date of issue is a day of the practice's own calendar: its month is the practice's, whatever the zone.
    /// </summary>
    private static async Task<IReadOnlyList<InvoiceFigures>> ByMonthAsync(
        IQueryable<InvoiceOfPatient> invoices,
        CancellationToken ct
    )
    {
        var sums = await SumAsync(
            invoices,
            row => new
            {
                row.Invoice.IssuedOn.Year,
                row.Invoice.IssuedOn.Month,
                row.Invoice.Currency,
            },
            ct
        );
        return
        [
            .. sums.Select(sum =>
                {
                    var month = new DateOnly(sum.Key.Year, sum.Key.Month, 1);
                    return sum.Figures(
                        month.ToString("yyyy-MM", CultureInfo.InvariantCulture),
                        month.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
                        sum.Key.Currency
                    );
                })
                .OrderBy(figures => figures.Key, StringComparer.Ordinal)
                .ThenBy(figures => figures.Currency, StringComparer.Ordinal),
        ];
    }

    /// <summary>What has no name comes last.</summary>
    private static IReadOnlyList<InvoiceFigures> ByName(IEnumerable<InvoiceFigures> figures) =>
        [
            .. figures
                .OrderBy(one => one.Name is null)
                .ThenBy(one => one.Name, StringComparer.InvariantCultureIgnoreCase)
                .ThenBy(one => one.Key, StringComparer.Ordinal)
                .ThenBy(one => one.Currency, StringComparer.Ordinal),
        ];

    private static Task<List<Sums<TKey>>> SumAsync<TKey>(
        IQueryable<InvoiceOfPatient> invoices,
        Expression<Func<InvoiceOfPatient, TKey>> key,
        CancellationToken ct
    ) =>
        invoices
            .GroupBy(key)
            .Select(group => new Sums<TKey>
            {
                Key = group.Key,
                Count = group.Count(),
                Issued = group.Sum(row => row.Invoice.Total),
                Paid = group.Sum(row => row.Invoice.Paid),
                Voided = group.Sum(row => row.Invoice.Status == InvoiceStatus.Void ? row.Invoice.Total : 0),
            })
            .ToListAsync(ct);

    private sealed class Sums<TKey>
    {
        public required TKey Key { get; init; }
        public required int Count { get; init; }
        public required decimal Issued { get; init; }
        public required decimal Paid { get; init; }
        public required decimal Voided { get; init; }

        public InvoiceFigures Figures(string? key, string? name, string currency) =>
            new(
                key,
                name,
                currency,
                Count,
                Money.Text(Issued, currency),
                Money.Text(Paid, currency),
                Money.Text(Issued - Voided - Paid, currency),
                Money.Text(Voided, currency)
            );
    }
}
