using System.Globalization;
using Hl7.Fhir.Model;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Fhir;
using Invoice = Practice.PatientPortal.Domain.Records.Invoice;
using Money = Hl7.Fhir.Model.Money;

namespace Practice.PatientPortal.Features.Fhir;

/// <summary>The practice's invoices (https://hl7.org/fhir/R4/invoice.html), by the day of issue.</summary>
public sealed record ReadFhirInvoices(Guid GroupId, FhirSearch Search) : Message, ICommand<FhirPage>;

internal sealed class ReadFhirInvoicesEndpoint : ICarterModule
{
    private const string Path = "/fhir/groups/{groupId:guid}/Invoice";

    private static readonly FhirType Type = new(
        ResourceType.Invoice,
        "An invoice to a patient. It is balanced once it is paid.",
        Versioned: true,
        new("date", SearchParamType.Date, "The day of issue."),
        new("identifier", SearchParamType.Token, "The number."),
        new("patient", SearchParamType.Reference, "To whom it is.", ResourceType.Patient),
        new("participant", SearchParamType.Reference, "Whose work it is.", ResourceType.Practitioner),
        new("status", SearchParamType.Token, "issued, balanced or cancelled.")
    );

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet($"{Path}/{{id}}", Get).RequireMember().ReadsFhir(Type);
        app.MapGet(Path, Get).RequireMember().SearchesFhir(Type);
        app.MapPost($"{Path}/_search", Get).RequireMember().SearchesFhir(Type);
    }

    private static async Task<IResult> Get(
        Guid groupId,
        FhirSearch search,
        HttpContext http,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReadFhirInvoices(groupId, search), ct)).ToFhir(http, search);
}

public static class ReadFhirInvoicesHandler
{
    public static async Task<ErrorOr<FhirPage>> Handle(
        ReadFhirInvoices command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, search) = command;
        if (search.Errors.Count > 0)
            return search.Errors.ToList();

        var invoices = Narrow(
            db.VisibleToCaller(db.Invoices.AsNoTracking().Where(invoice => invoice.GroupId == groupId)),
            search
        );
        if (search.AfterMomentAndId is var (at, last))
        {
            var day = DateOnly.FromDateTime(at.UtcDateTime);
            invoices = search.ByChange
                ? invoices.Where(invoice =>
                    EF.Functions.GreaterThan(
                        ValueTuple.Create(invoice.UpdatedAt, invoice.Id),
                        ValueTuple.Create(at, last)
                    )
                )
                : invoices.Where(invoice =>
                    EF.Functions.GreaterThan(
                        ValueTuple.Create(invoice.IssuedOn, invoice.Id),
                        ValueTuple.Create(day, last)
                    )
                );
        }

        // As in the API's list: the page is cut before the patients are joined.
        invoices = db.OfVisiblePatients(invoices, groupId, invoice => invoice.PatientId);
        var page = Order(invoices, search).Take(search.Rows);
        var read = await db.WithPatients(page, groupId).ToListAsync(ct);
        var rows = (
            search.ByChange
                ? read.OrderBy(row => row.Invoice.UpdatedAt).ThenBy(row => row.Invoice.Id)
                : read.OrderBy(row => row.Invoice.IssuedOn).ThenBy(row => row.Invoice.Id)
        ).ToList();
        var clients = await bus.FindClientsAsync(
            groupId,
            rows.Select(row => row.Invoice.PractitionerId ?? row.Invoice.IssuedById),
            ct
        );
        var now = clock.GetUtcNow();
        if (!search.IsRead)
            await AccessLogging.RecordAsync(
                db,
                work,
                bus,
                PortalAudit.InvoicesOpened,
                groupId,
                rows.Take(search.Count).Select(row => row.Patient),
                AccessLogAction.Invoices,
                now,
                ct
            );
        else if (rows is [var opened])
            await AccessLogging.RecordAsync(
                db,
                work,
                bus,
                PortalAudit.InvoiceOpened,
                opened.Patient,
                AccessLogAction.Invoices,
                now,
                opened.Invoice.Id,
                ct
            );
        return search.Page(
            rows,
            row => ResourceOf(row.Invoice, clients),
            row =>
                (
                    search.ByChange
                        ? row.Invoice.UpdatedAt
                        : new DateTimeOffset(row.Invoice.IssuedOn, TimeOnly.MinValue, TimeSpan.Zero),
                    row.Invoice.Id.ToString()
                )
        );
    }

    private static IQueryable<Invoice> Order(IQueryable<Invoice> invoices, FhirSearch search) =>
        search.ByChange
            ? invoices.OrderBy(invoice => invoice.UpdatedAt).ThenBy(invoice => invoice.Id)
            : invoices.OrderBy(invoice => invoice.IssuedOn).ThenBy(invoice => invoice.Id);

    private static IQueryable<Invoice> Narrow(IQueryable<Invoice> invoices, FhirSearch search)
    {
        if (search.Ids() is { } ids)
            invoices = invoices.Where(invoice => ids.Contains(invoice.Id));
        if (search.Identifiers("identifier", FhirSystems.InvoiceNumber) is { Any: false, Values: var numbers })
            invoices = invoices.Where(invoice => numbers.Contains(invoice.Number));
        if (search.References("patient") is [var one])
            invoices = invoices.Where(invoice => invoice.PatientId == one);
        else if (search.References("patient") is { } patients)
            invoices = invoices.Where(invoice => patients.Contains(invoice.PatientId));
        if (search.References("participant") is { } practitioners)
            invoices = invoices.Where(invoice => practitioners.Contains(invoice.PractitionerId ?? invoice.IssuedById));
        if (search.Codes("status") is { } codes)
        {
            var statuses = Enum.GetValues<InvoiceStatus>().Where(status => codes.Contains(CodeOf(status))).ToList();
            invoices = invoices.Where(invoice => statuses.Contains(invoice.Status));
        }

        if (search.Asks("date") && search.Dates("date") is var issued)
        {
            if (issued.FirstDay is { } first)
                invoices = invoices.Where(invoice => invoice.IssuedOn >= first);
            if (issued.UntilDay is { } until)
                invoices = invoices.Where(invoice => invoice.IssuedOn < until);
        }

        return invoices.ChangedWhen(search, invoice => invoice.UpdatedAt);
    }

    private static string CodeOf(InvoiceStatus status) =>
        status switch
        {
            InvoiceStatus.Issued or InvoiceStatus.PartlyPaid => "issued",
            InvoiceStatus.Paid => "balanced",
            InvoiceStatus.Void => "cancelled",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
        };

    private static Hl7.Fhir.Model.Invoice ResourceOf(Invoice invoice, IReadOnlyDictionary<Guid, string> clients)
    {
        var sum = InvoiceSum.Of(invoice.Lines, invoice.Currency);
        return new()
        {
            Id = invoice.Id.ToString(),
            Meta = FhirResults.Meta(invoice.UpdatedAt),
            Identifier = [new(FhirSystems.InvoiceNumber, invoice.Number)],
            StatusElement = new() { JsonValue = CodeOf(invoice.Status) },
            CancelledReason = invoice.VoidReason,
            Subject = FhirResults.To(ResourceType.Patient, invoice.PatientId), // the name is of another version
            Date = FhirResults.Day(invoice.IssuedOn),
            Participant = [new() { Actor = FhirWriters.Of(invoice.PractitionerId ?? invoice.IssuedById, clients) }],
            Issuer = FhirResults.To(ResourceType.Organization, invoice.GroupId),
            LineItem = [.. invoice.Lines.Select((line, i) => LineOf(line, i + 1, invoice.Currency))],
            TotalNet = Amount(sum.Subtotal, invoice.Currency),
            TotalGross = Amount(invoice.Total, invoice.Currency),
            PaymentTerms = $"Due on {FhirResults.Day(invoice.DueOn)}",
        };
    }

    private static Hl7.Fhir.Model.Invoice.LineItemComponent LineOf(InvoiceLine line, int number, string currency)
    {
        var item = new Hl7.Fhir.Model.Invoice.LineItemComponent
        {
            Sequence = number,
            ChargeItem = FhirResults.Text(line.Description),
            PriceComponent =
            [
                new()
                {
                    Type = InvoicePriceComponentType.Base,
                    Factor = line.Quantity,
                    Amount = Amount(line.Amount(currency), currency),
                },
            ],
        };
        if (line.TaxRate is { } rate)
            item.PriceComponent.Add(
                new()
                {
                    Type = InvoicePriceComponentType.Tax,
                    Code = FhirResults.Text(string.Create(CultureInfo.InvariantCulture, $"{rate:0.##} %")),
                    Factor = rate / 100,
                }
            );
        return item;
    }

    private static Money Amount(decimal amount, string currency) =>
        new()
        {
            Value = amount,
            CurrencyElement = new() { JsonValue = currency },
        };
}
