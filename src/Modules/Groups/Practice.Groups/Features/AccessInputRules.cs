using FluentValidation;
using Practice.Groups.Domain;
using Practice.Shared.Limits;

namespace Practice.Groups.Features;

/// <summary>Rules for request bodies with an access level, a profession or locations.</summary>
internal static class AccessInputRules
{
    private const int MaxLocations = 500;
    private const int MaxBatchSize = 100;

    public static IRuleBuilderOptions<T, string?> Profession<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MustBe(Professions.IsKnown, new SchemaFacts { Required = true })
            .WithMessage("Choose a profession from the list.");

    public static IRuleBuilderOptions<T, string?> RegistrationNumber<T>(this IRuleBuilder<T, string?> rule) =>
        rule.OptionalText(40);

    /// <summary>As <see cref="RegistrationNumber"/>, and none for administrators.</summary>
    public static IRuleBuilderOptions<T, string?> RegistrationNumberOf<T>(
        this IRuleBuilder<T, string?> rule,
        Func<T, RoleType?> roleType
    ) =>
        rule.RegistrationNumber()
            .Must((input, number) => number.NullIfBlank() is null || roleType(input) != RoleType.Administrator)
            .WithMessage(GroupErrors.RegistrationNotAllowed.Description)
            .WithErrorCode(GroupErrors.RegistrationNotAllowedCode);

    /// <summary>Required, and a level of the role type; of own levels only the group knows that.</summary>
    public static IRuleBuilderOptions<T, AccessLevelId?> LevelFor<T>(
        this IRuleBuilder<T, AccessLevelId?> rule,
        Func<T, RoleType?> roleType
    ) =>
        rule.Required()
            .Must(
                (input, level) => level?.Preset is not { } given || roleType(input) is not { } role || given.IsFor(role)
            )
            .WithMessage(GroupErrors.LevelNotForRoleType.Description)
            .WithErrorCode(GroupErrors.LevelNotForRoleTypeCode);

    public static IRuleBuilderOptionsConditions<T, IReadOnlyDictionary<string, bool>?> AccessSettings<T>(
        this IRuleBuilder<T, IReadOnlyDictionary<string, bool>?> rule
    ) =>
        rule.Custom(
            (settings, context) =>
            {
                foreach (var name in settings?.Keys.Where(name => !AccessLevels.Settings.ContainsKey(name)) ?? [])
                    context.AddFailure(context.PropertyPath, $"There is no setting '{Shorten(name)}'.");
            }
        );

    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>?> Locations<T>(
        this IRuleBuilder<T, IReadOnlyList<Guid>?> rule
    ) => rule.Required().AtMost(MaxLocations).WithMessage($"At most {MaxLocations} locations.");

    /// <summary>The ids of users or invitations to whom one thing is done.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>?> OfBatch<T>(
        this IRuleBuilder<T, IReadOnlyList<Guid>?> rule
    ) =>
        rule.NotEmpty()
            .WithMessage("Choose at least one.")
            .AtMost(MaxBatchSize)
            .WithMessage($"At most {MaxBatchSize} at once.");

    /// <summary>Checks the form of a password; Users checks the password itself.</summary>
    public static IRuleBuilderOptions<T, string?> TemporaryPassword<T>(this IRuleBuilder<T, string?> rule) =>
        rule.OptionalText(PasswordLength.MaxUtf16Units)
            .Must(password => string.IsNullOrEmpty(password) || password.Length >= PasswordLength.Min)
            .WithMessage($"At least {PasswordLength.Min} characters.");

    private static string Shorten(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
