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

internal sealed class NewInvoiceValidator : AbstractValidator<NewInvoice>
{
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
        this.PricedLines(invoice => invoice.Currency, invoice => invoice.Lines);
        RuleForEach(invoice => invoice.Lines)
            .ChildRules(line => line.RuleFor(l => l!.Description).RequiredText(200))
            .When(invoice => invoice.Lines is { Count: <= NewInvoiceLine.MostLines });
    }
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
            // Even by an invoice that the caller may not see. The transaction has failed: nothing more may be read in it.
            return PortalErrors.InvoiceNumberTaken;
        }

        return new NewResource(invoice.Id);
    }
}
