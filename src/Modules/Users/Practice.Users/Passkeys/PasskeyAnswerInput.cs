using System.Text.Json;
using FluentValidation;

namespace Practice.Users.Passkeys;

/// <summary>A browser's answer to a challenge.</summary>
/// <param name="Credential">As <c>PublicKeyCredential.toJSON</c> makes it.</param>
internal sealed record PasskeyAnswerInput(Guid? AttemptId, JsonElement Credential);

internal sealed class PasskeyAnswerInputValidator : AbstractValidator<PasskeyAnswerInput>
{
    public PasskeyAnswerInputValidator()
    {
        RuleFor(input => input.AttemptId).Required();
        RuleFor(input => input.Credential).Credential();
    }
}

internal static class PasskeyRules
{
    /// <summary>Many times what authenticators send.</summary>
    private const int MaxCredentialLength = 12_000;

    public static IRuleBuilderOptions<T, JsonElement> Credential<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.MustBe(credential => credential.ValueKind == JsonValueKind.Object, new SchemaFacts { Required = true })
            .WithMessage("The browser's answer is required, as a JSON object.")
            .Must(credential =>
                credential.ValueKind != JsonValueKind.Object || credential.GetRawText().Length <= MaxCredentialLength
            )
            .WithMessage($"At most {MaxCredentialLength} characters.");
}
