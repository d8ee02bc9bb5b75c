using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>Lists of invoices have the latest date first, and of one day the last issued.</summary>
internal static class InvoiceLists
{
    public static IQueryable<Invoice> After(this IQueryable<Invoice> invoices, (DateTimeOffset At, Guid Id)? last)
    {
        if (last is not var (at, id))
            return invoices;
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return invoices.Where(invoice =>
            EF.Functions.LessThan(ValueTuple.Create(invoice.IssuedOn, invoice.Id), ValueTuple.Create(day, id))
        );
    }

    /// <summary>For the cursor.</summary>
    public static object[] KeysOf(Invoice invoice) =>
        [new DateTimeOffset(invoice.IssuedOn, TimeOnly.MinValue, TimeSpan.Zero), invoice.Id];
}
