using FluentValidation;

namespace Practice.Users.TwoFactor;

/// <summary>A code as it is typed from an authenticator app, or a recovery code.</summary>
public sealed record TwoFactorInput(string? Code);

internal sealed class TwoFactorInputValidator : AbstractValidator<TwoFactorInput>
{
    public TwoFactorInputValidator() => RuleFor(input => input.Code).RequiredText(40);
}
