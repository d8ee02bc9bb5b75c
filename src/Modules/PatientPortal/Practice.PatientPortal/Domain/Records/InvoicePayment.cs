using System.Text.Json.Serialization;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>How money came in. Stored by these names.</summary>
public enum PaymentMethod
{
    Cash,
    Card,
    BankTransfer,
    DirectDebit,
    Cheque,

    /// <summary>A health fund or another insurer paid.</summary>
    Insurer,

    Other,
}

/// <summary>A payment of an invoice. One that was a mistake is reversed, and stays listed.</summary>
public sealed record InvoicePayment(
    Guid Id,
    decimal Amount,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PaymentMethod>))] PaymentMethod Method,
    DateOnly PaidOn,
    Guid RecordedById,
    DateTimeOffset RecordedAt,
    DateTimeOffset? ReversedAt = null,
    Guid? ReversedById = null,
    string? ReversalReason = null
)
{
    [JsonIgnore]
    internal bool IsReversed => ReversedAt is not null;
}
