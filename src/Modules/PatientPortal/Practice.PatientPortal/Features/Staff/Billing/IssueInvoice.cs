using System.Globalization;
using System.Text.RegularExpressions;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>Issues an invoice to a patient. Its number is unique in the practice.</summary>
public sealed record IssueInvoice(Guid GroupId, Guid PatientId, Body<NewInvoice> Body) : Message, ICommand<NewResource>;

/// <param name="Currency">ISO 4217, such as <c>AUD</c>.</param>
public sealed record NewInvoice(
    string? Number,
    DateOnly? IssuedOn,
    DateOnly? DueOn,
    string? Currency,
    IReadOnlyList<NewInvoiceLine?>? Lines
);

/// <param name="UnitPrice">A decimal number as text, such as <c>12.50</c>.</param>
public sealed record NewInvoiceLine(string? Description, decimal? Quantity, string? UnitPrice)
{
    internal InvoiceLine Read() =>
        new(Description!.Trim(), Quantity!.Value, decimal.Parse(UnitPrice!, CultureInfo.InvariantCulture));
}

internal sealed partial class NewInvoiceValidator : AbstractValidator<NewInvoice>
{
    private const int MostLines = 100,
        QuantityDecimals = 3;
    private const decimal MostQuantity = 100_000,
        MostTotal = 9_999_999_999_999.99m;

    public NewInvoiceValidator()
    {
        RuleFor(invoice => invoice.Number).RequiredText(50);
        RuleFor(invoice => invoice.IssuedOn)
            .Required()
            .Must(day => day is null || PlausibleTimes.IsPlausible(day.Value))
            .WithMessage("Enter a date from 1900 to 2199.");
        RuleFor(invoice => invoice.DueOn)
            .Required()
            .PlausibleEnd()
            .Must((invoice, due) => due is null || invoice.IssuedOn is null || due >= invoice.IssuedOn)
            .WithMessage("The due date cannot be before the invoice date.");
        RuleFor(invoice => invoice.Currency)
            .Must(Currencies.IsKnown)
            .WithMessage("Enter an ISO 4217 currency code, such as AUD.");
        RuleFor(invoice => invoice.Lines)
            .Must(lines => lines is { Count: >= 1 and <= MostLines })
            .WithMessage($"1 to {MostLines} lines.");
        RuleFor(invoice => invoice.Lines)
            .Must(lines => !lines!.All(IsSum) || lines!.Sum(line => line!.Read().Amount) <= MostTotal)
            .WithMessage("The total is too large.")
            .When(invoice => invoice.Lines is { Count: <= MostLines });
        RuleForEach(invoice => invoice.Lines)
            .Required()
            .ChildRules(line =>
            {
                line.RuleFor(l => l!.Description).RequiredText(200);
                line.RuleFor(l => l!.Quantity)
                    .Required()
                    .Must(quantity => quantity is null or (> 0 and <= MostQuantity))
                    .WithMessage($"More than 0, and at most {MostQuantity}.")
                    .Must(quantity => quantity is not { } number || number == decimal.Round(number, QuantityDecimals))
                    .WithMessage($"At most {QuantityDecimals} decimals.");
                line.RuleFor(l => l!.UnitPrice)
                    .Required()
                    .Must(price => price is null || Money().IsMatch(price))
                    .WithMessage("Enter an amount such as 12.50.");
            })
            .When(invoice => invoice.Lines is { Count: <= MostLines });
    }

    private static bool IsSum(NewInvoiceLine? line) =>
        line is { Description: not null, Quantity: > 0 and <= MostQuantity, UnitPrice: { } price }
        && Money().IsMatch(price);

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?\z")]
    private static partial Regex Money();
}

internal sealed class IssueInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/patients/{patientId:guid}/invoices", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(IssueInvoice))
            .WithTags("Patients")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Body<NewInvoice> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new IssueInvoice(groupId, patientId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/patients/{patientId}/invoices", made)
        );
}

public static class IssueInvoiceHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        IssueInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockPatientForAddingAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var input = read.Value;
        var invoice = Invoice.Issue(
            patient,
            work.Caller.Person,
            input.Number!.Trim(),
            input.IssuedOn!.Value,
            input.DueOn!.Value,
            input.Currency!,
            [.. input.Lines!.Select(line => line!.Read())],
            clock.GetUtcNow()
        );
        db.Invoices.Add(invoice);
        work.Audit(PortalAudit.InvoiceIssued, invoice.Id, command.GroupId, new { PatientId = patient.Id });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException taken)
            when (taken.InnerException
                    is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "invoices" }
            )
        {
            return PortalErrors.InvoiceNumberTaken; // even by an invoice that the caller may not see
        }

        return new NewResource(invoice.Id);
    }
}
