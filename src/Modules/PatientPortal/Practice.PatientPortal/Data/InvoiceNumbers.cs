namespace Practice.PatientPortal.Data;

/// <summary>The last number of a practice's own sequence. Written by <c>portal.next_invoice_number</c>.</summary>
internal sealed class InvoiceCounter
{
    public Guid GroupId { get; private init; }
    public long Last { get; private init; }
}

/// <summary>
/// A number that was given to an invoice before the sequence reached it. Written by a trigger on the invoices, so that
/// hosts of every release write it.
/// </summary>
internal sealed class InvoiceNumberAhead
{
    public Guid GroupId { get; private init; }
    public long Number { get; private init; }
}
