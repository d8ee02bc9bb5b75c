using FluentValidation;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <param name="AccessLevel">A preset's name, or the id of one of the group's own levels.</param>
/// <param name="Settings">Settings switched against the level; absent: the level alone.</param>
/// <param name="Owner">Absent: unchanged.</param>
public sealed record AccessInput(AccessLevelId? AccessLevel, IReadOnlyDictionary<string, bool>? Settings, bool? Owner);

internal sealed class AccessInputValidator : AbstractValidator<AccessInput>
{
    public AccessInputValidator()
    {
        RuleFor(access => access.AccessLevel).Required();
        RuleFor(access => access.Settings).AccessSettings();
    }
}
