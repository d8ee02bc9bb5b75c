using FluentValidation;

namespace Practice.Users.TwoFactor;

internal sealed class TwoFactorInputValidator : AbstractValidator<TwoFactorInput>
{
    public TwoFactorInputValidator() => RuleFor(input => input.Code).RequiredText(40);
}
