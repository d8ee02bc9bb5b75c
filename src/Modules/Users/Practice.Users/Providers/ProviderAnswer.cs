using FluentValidation;
using Practice.Users.Domain;

namespace Practice.Users.Providers;

/// <summary>What a provider sent back.</summary>
/// <param name="Attempt">From the call that began.</param>
/// <param name="State">As the provider sent it back.</param>
/// <param name="Code">As the provider sent it; none if it sent an error.</param>
/// <param name="Issuer">As the provider sent it as <c>iss</c>, if it did.</param>
/// <param name="Error">As the provider sent it, in place of a code.</param>
internal sealed record ProviderAnswer(string? Attempt, string? State, string? Code, string? Issuer, string? Error);

internal sealed class ProviderAnswerValidator : AbstractValidator<ProviderAnswer>
{
    /// <summary>Some providers send codes of more than a thousand letters.</summary>
    private const int MaxCodeLength = 4096;

    public ProviderAnswerValidator()
    {
        RuleFor(input => input.Attempt).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.State).RequiredText(Link.MaxTokenLength);
        RuleFor(input => input.Code).OptionalText(MaxCodeLength);
        RuleFor(input => input.Issuer).OptionalText(1000);
        RuleFor(input => input.Error).OptionalText(1000);
    }
}

internal static class ProviderAnswers
{
    /// <summary>Uses the attempt up, and exchanges the answer for who the person is.</summary>
    /// <param name="accountId">The account that the attempt is to connect; null for a sign-in.</param>
    public static async Task<ErrorOr<ProviderIdentity>> RedeemAsync(
        this IModuleBus bus,
        IdentityProvider provider,
        ProviderAnswer answer,
        Guid? accountId,
        CancellationToken ct
    )
    {
        var (attempt, secrets) = (AuthorizationRequest.Hash(answer.Attempt!), new AttemptSecrets(answer.Attempt!));
        var taken = await bus.InvokeAsSystemAsync(new TakeProviderAttempt(attempt, provider.Name, accountId), ct);
        if (taken.IsError)
            return taken.Errors;
        if (!taken.Value.IsFor || !secrets.IsState(answer.State!))
            return ProviderErrors.Invalid;
        if (answer.Error is not null || string.IsNullOrWhiteSpace(answer.Code))
            return ProviderErrors.Refused;

        // No transaction is open while the provider is asked.
        return await provider.RedeemAsync(answer.Code, answer.Issuer, secrets, ct);
    }
}
