using FluentValidation;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>Why an invoice is void, or a payment reversed. For staff: the patient does not read it.</summary>
public sealed record BillingReason(string? Reason);

internal sealed class BillingReasonValidator : AbstractValidator<BillingReason>
{
    public BillingReasonValidator() => RuleFor(input => input.Reason).RequiredText(200);
}
