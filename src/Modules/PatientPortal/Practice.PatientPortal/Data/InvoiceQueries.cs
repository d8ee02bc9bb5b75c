using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

internal sealed record InvoiceOfPatient
{
    public required Invoice Invoice { get; init; }
    public required Patient Patient { get; init; }
}

internal static class InvoiceQueries
{
    /// <summary>As <see cref="FindInvoiceAsync"/>; that it was opened is in the audit and in the access log.</summary>
    public static async Task<InvoiceOfPatient?> OpenInvoiceAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        Guid groupId,
        Guid invoiceId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (await db.FindInvoiceAsync(groupId, invoiceId, ct) is not { } found)
            return null;
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.InvoiceOpened,
            found.Patient,
            AccessLogAction.Invoices,
            now,
            found.Invoice.Id,
            ct
        );
        return found;
    }

    /// <summary>An invoice that the caller may see, of a patient whom they may see.</summary>
    public static Task<InvoiceOfPatient?> FindInvoiceAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid invoiceId,
        CancellationToken ct
    ) =>
        db.WithPatients(
                db.VisibleToCaller(
                    db.Invoices.AsNoTracking().Where(invoice => invoice.GroupId == groupId && invoice.Id == invoiceId)
                ),
                groupId
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>An invoice that shows in the opened portal account.</summary>
    public static Task<InvoiceOfPatient?> FindAccountInvoiceAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid invoiceId,
        CancellationToken ct
    ) =>
        (
            from invoice in db.Invoices.AsNoTracking()
            join patient in db.Patients.AsNoTracking() on invoice.PatientId equals patient.Id
            where invoice.AccountId == accountId && invoice.Id == invoiceId
            select new InvoiceOfPatient { Invoice = invoice, Patient = patient }
        ).SingleOrDefaultAsync(ct);

    /// <summary>These invoices with their patients, as far as the caller sees those.</summary>
    public static IQueryable<InvoiceOfPatient> WithPatients(
        this PatientPortalDbContext db,
        IQueryable<Invoice> invoices,
        Guid groupId
    ) =>
        invoices.Join(
            db.VisiblePatients(groupId).AsNoTracking(),
            invoice => invoice.PatientId,
            patient => patient.Id,
            (invoice, patient) => new InvoiceOfPatient { Invoice = invoice, Patient = patient }
        );
}
