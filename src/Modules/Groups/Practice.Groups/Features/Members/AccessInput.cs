using FluentValidation;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <param name="Settings">Settings switched against the level's preset; absent: the bare preset.</param>
/// <param name="Owner">Absent: unchanged.</param>
public sealed record AccessInput(AccessLevel? AccessLevel, IReadOnlyDictionary<string, bool>? Settings, bool? Owner);

internal sealed class AccessInputValidator : AbstractValidator<AccessInput>
{
    public AccessInputValidator()
    {
        RuleFor(access => access.AccessLevel).Required();
        RuleFor(access => access.Settings).AccessSettings();
    }
}
