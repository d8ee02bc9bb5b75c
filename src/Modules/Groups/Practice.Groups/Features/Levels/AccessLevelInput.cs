using FluentValidation;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Levels;

/// <summary>A new one of a group's own access levels.</summary>
/// <param name="RoleType">Whom it is for. It stays as it was made.</param>
/// <param name="Settings">Settings by name; those left out are off.</param>
public sealed record AccessLevelInput(string? Name, RoleType? RoleType, IReadOnlyDictionary<string, bool>? Settings);

internal sealed class AccessLevelInputValidator : AbstractValidator<AccessLevelInput>
{
    public AccessLevelInputValidator()
    {
        RuleFor(level => level.Name).LevelName();
        RuleFor(level => level.RoleType).Required();
        RuleFor(level => level.Settings).LevelSettings();
        RuleFor(level => level.Settings).AccessSettings();
    }
}

/// <summary>What an access level shall be.</summary>
/// <param name="RoleType">May be left out; it cannot change.</param>
/// <param name="Settings">Settings by name; those left out are off.</param>
public sealed record AccessLevelChange(string? Name, RoleType? RoleType, IReadOnlyDictionary<string, bool>? Settings);

internal sealed class AccessLevelChangeValidator : AbstractValidator<AccessLevelChange>
{
    public AccessLevelChangeValidator()
    {
        RuleFor(level => level.Name).LevelName();
        RuleFor(level => level.Settings).LevelSettings();
        RuleFor(level => level.Settings).AccessSettings();
    }
}

/// <summary>As <see cref="AccessLevelChange"/>, to see whom it would change.</summary>
/// <param name="Name">May be left out. If it is given, it is checked as for the change.</param>
/// <param name="RoleType">May be left out; it cannot change.</param>
internal sealed record AccessLevelDraft(string? Name, RoleType? RoleType, IReadOnlyDictionary<string, bool>? Settings);

internal sealed class AccessLevelDraftValidator : AbstractValidator<AccessLevelDraft>
{
    public AccessLevelDraftValidator()
    {
        RuleFor(level => level.Name).LevelName().When(level => level.Name is not null);
        RuleFor(level => level.Settings).LevelSettings();
        RuleFor(level => level.Settings).AccessSettings();
    }
}

internal static class AccessLevelRules
{
    public static IRuleBuilderOptions<T, string?> LevelName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.RequiredText(60);

    public static IRuleBuilderOptions<T, IReadOnlyDictionary<string, bool>?> LevelSettings<T>(
        this IRuleBuilder<T, IReadOnlyDictionary<string, bool>?> rule
    ) => rule.NotNull().WithMessage("This field is required.");
}
