using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>One invoice.</summary>
public sealed record ReadInvoice(Guid GroupId, Guid InvoiceId) : Message, ICommand<InvoiceView>;

internal sealed class ReadInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/invoices/{invoiceId:guid}", Get)
            .RequireMember()
            .WithName(nameof(ReadInvoice))
            .WithTags("Invoices")
            .Produces<InvoiceView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid groupId, Guid invoiceId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ReadInvoice(groupId, invoiceId), ct)).ToHttp(Results.Ok);
}

public static class ReadInvoiceHandler
{
    public static async Task<ErrorOr<InvoiceView>> Handle(
        ReadInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (
            await db.OpenInvoiceAsync(work, bus, command.GroupId, command.InvoiceId, clock.GetUtcNow(), ct)
            is not { } found
        )
            return CommonErrors.NotFound;
        return InvoiceView.Of(found.Invoice, found.Patient, work.Caller);
    }
}
