using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>A patient's invoices, by date, the latest first.</summary>
public sealed record ListPatientInvoices(Guid GroupId, Guid PatientId, Paging Paging)
    : Message,
        ICommand<Page<InvoiceView>>;

internal sealed class ListPatientInvoicesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/patients/{patientId:guid}/invoices", Get)
            .RequireMember()
            .WithOperationId<ListPatientInvoices>("ListInvoices")
            .WithTags("Patients")
            .Produces<Page<InvoiceView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid patientId,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ListPatientInvoices(groupId, patientId, paging), ct)).ToHttp(Results.Ok);
}

public static class ListPatientInvoicesHandler
{
    public static async Task<ErrorOr<Page<InvoiceView>>> Handle(
        ListPatientInvoices command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindPatientAsync(command.GroupId, command.PatientId, ct) is not { } patient)
            return CommonErrors.NotFound;
        if (command.Paging.AfterMomentAndId() is var after && after.IsError)
            return after.Errors;

        var invoices = db.VisibleToCaller(
            db.Invoices.AsNoTracking()
                .Where(invoice => invoice.GroupId == command.GroupId && invoice.PatientId == patient.Id)
        );
        var rows = await invoices
            .After(after.Value)
            .OrderByDescending(invoice => invoice.IssuedOn)
            .ThenByDescending(invoice => invoice.Id)
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.InvoicesOpened,
            patient,
            AccessLogAction.Invoices,
            clock.GetUtcNow(),
            subjectId: null,
            ct
        );
        return command.Paging.Page(rows, row => InvoiceView.Of(row, patient, work.Caller), InvoiceLists.KeysOf);
    }
}
