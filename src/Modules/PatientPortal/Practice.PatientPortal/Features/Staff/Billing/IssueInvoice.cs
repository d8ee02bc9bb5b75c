using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>
/// Issues an invoice to a patient, under the next number of the practice's own sequence or one that is given. Its
/// number is unique in the practice.
/// </summary>
public sealed record IssueInvoice(Guid GroupId, Guid PatientId, Body<NewInvoice> Body) : Message, ICommand<NewResource>;

/// <param name="Number">Absent: the next one of the practice's sequence, which has no gaps.</param>
/// <param name="Currency">ISO 4217, such as <c>AUD</c>.</param>
/// <param name="PractitionerId">Whose work it is. Absent: the caller's.</param>
/// <param name="LocationId">Where it was done. Absent: nowhere in particular.</param>
public sealed record NewInvoice(
    string? Number,
    DateOnly? IssuedOn,
    DateOnly? DueOn,
    string? Currency,
    IReadOnlyList<NewInvoiceLine?>? Lines,
    Guid? PractitionerId = null,
    Guid? LocationId = null
);

internal sealed class NewInvoiceValidator : AbstractValidator<NewInvoice>
{
    public NewInvoiceValidator()
    {
        RuleFor(invoice => invoice.Number).RequiredText(50).When(invoice => invoice.Number is not null);
        RuleFor(invoice => invoice.IssuedOn).Required().PlausibleDay();
        RuleFor(invoice => invoice.DueOn)
            .Required()
            .PlausibleEnd()
            .Must((invoice, due) => due is null || invoice.IssuedOn is null || due >= invoice.IssuedOn)
            .WithMessage("The due date cannot be before the invoice date.");
        this.PricedLines(invoice => invoice.Currency, invoice => invoice.Lines);
        RuleForEach(invoice => invoice.Lines)
            .ChildRules(line => line.RuleFor(l => l!.Description).RequiredText(200))
            .When(invoice => invoice.Lines is { Count: <= NewInvoiceLine.MaxLines });
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
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid patientId,
        Body<NewInvoice> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new IssueInvoice(groupId, patientId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/invoices/{made.Id}", made)
        );
}

public static class IssueInvoiceHandler
{
    public static async Task<ErrorOr<NewResource>> Handle(
        IssueInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var read = command.Body.Read();
        var facts = read.IsError ? default : await FindAsync(bus, command.GroupId, work.Caller, read.Value, ct);
        if (await db.LockPatientForAddingAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (read.IsError)
            return read.Errors;
        if (patient.IsArchived)
            return PortalErrors.PatientArchived;

        var input = read.Value;
        if (WhyNot(input, work.Caller, facts.Practitioner, facts.Location) is { } denied)
            return denied;
        var invoice = Invoice.Issue(
            patient,
            work.Caller.Person,
            input.PractitionerId,
            input.LocationId,
            InvoiceLetterhead.Of(patient, facts.Group, facts.Practitioner, facts.Location),
            input.Number?.Trim() ?? await db.NextInvoiceNumberAsync(command.GroupId, ct),
            input.IssuedOn!.Value,
            input.DueOn!.Value,
            input.Currency!,
            [.. input.Lines!.Select(line => line!.Read())],
            clock.GetUtcNow()
        );
        db.Invoices.Add(invoice);
        work.Audit(PortalAudit.InvoiceIssued, invoice.Id, command.GroupId, new { PatientId = patient.Id });
        await work.TellWebhooksAsync(invoice.ToEvent(InvoiceStep.Issued));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException taken)
            when (taken.InnerException
                    is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "invoices" }
            )
        {
            // Even by an invoice that the caller may not see. The transaction has
            // failed: nothing more may be read in it.
            return PortalErrors.InvoiceNumberTaken;
        }

        return new NewResource(invoice.Id);
    }

    private static async Task<(GroupFacts Group, MemberFacts? Practitioner, LocationFacts? Location)> FindAsync(
        IModuleBus bus,
        Guid groupId,
        Caller caller,
        NewInvoice input,
        CancellationToken ct
    ) =>
        (
            await bus.GetGroupAsync(groupId, ct),
            await bus.FindMemberAsync(groupId, input.PractitionerId ?? caller.Person, ct),
            input.LocationId is { } place ? await bus.FindLocationAsync(groupId, place, ct) : null
        );

    /// <summary>Another person's work is billed by members who see and edit others' invoices.</summary>
    private static Error? WhyNot(NewInvoice input, Caller caller, MemberFacts? practitioner, LocationFacts? location)
    {
        if (input.PractitionerId is { } person && person != caller.Person)
        {
            if (!caller.May(Access.OthersInvoices))
                return AuthorizationErrors.NotAllowed;
            if (practitioner is not { Active: true, Practitioner: true })
                return PortalErrors.UnknownPractitioner;
        }

        return
            input.LocationId is { } place && WorkLocations.ForWork(caller, place, location) is { IsError: true } wrong
            ? wrong.FirstError
            : null;
    }
}
