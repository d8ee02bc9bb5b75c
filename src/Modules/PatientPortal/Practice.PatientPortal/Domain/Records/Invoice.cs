using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>An invoice to a patient. Money is exact, in the invoice's currency.</summary>
public sealed class Invoice
{
    private Invoice() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid? AccountId { get; private init; }
    public Guid IssuedById { get; private init; }
    public string Number { get; private init; } = null!;
    public DateOnly IssuedOn { get; private init; }
    public DateOnly DueOn { get; private init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private init; } = null!;

    public IReadOnlyList<InvoiceLine> Lines { get; private init; } = [];
    public decimal Total { get; private init; }

    internal static Invoice Issue(
        Patient patient,
        Guid issuedById,
        string number,
        DateOnly issuedOn,
        DateOnly dueOn,
        string currency,
        List<InvoiceLine> lines,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = patient.AccountId,
            IssuedById = issuedById,
            Number = number,
            IssuedOn = issuedOn,
            DueOn = dueOn,
            Currency = currency,
            Lines = lines,
            Total = InvoiceLine.Total(lines, currency),
        };
}

public sealed record InvoiceLine(string Description, decimal Quantity, decimal UnitPrice)
{
    /// <summary>Rounded by itself: the total is the sum of what each line shows.</summary>
    internal decimal Amount(string currency) => Money.Round(Quantity * UnitPrice, currency);

    internal static decimal Total(IEnumerable<InvoiceLine> lines, string currency) =>
        lines.Sum(line => line.Amount(currency));
}
