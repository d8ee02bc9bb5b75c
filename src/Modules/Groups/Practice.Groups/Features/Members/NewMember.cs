using FluentValidation;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>The form of the add-user dialog.</summary>
/// <param name="Settings">Settings switched against the level, by name.</param>
public sealed record NewMember(
    string? Title,
    string? FirstName,
    string? LastName,
    RoleType? RoleType,
    string? Profession,
    string? RegistrationNumber,
    string? Email,
    string? ConfirmEmail,
    string? Password,
    string? ConfirmPassword,
    AccessLevelId? AccessLevel,
    IReadOnlyDictionary<string, bool>? Settings,
    IReadOnlyList<Guid>? LocationIds
)
{
    internal bool HasPassword => !string.IsNullOrEmpty(Password);

    /// <summary>Which access they get, as the levels are now; or why they cannot get it.</summary>
    internal ErrorOr<AccessChoice> ChoiceOf(KnownLevels levels)
    {
        var level = levels.Find(AccessLevel!.Value, RoleType!.Value);
        return level.IsError ? level.Errors : AccessChoice.Of(level.Value, Settings);
    }

    internal MemberProfile ProfileOf(Guid userId) =>
        new(
            userId,
            Email!.Trim(),
            Title.NullIfBlank(),
            FirstName!.Trim(),
            LastName!.Trim(),
            RoleType!.Value,
            Profession!,
            RegistrationNumber.NullIfBlank()
        );
}

internal sealed class NewMemberValidator : AbstractValidator<NewMember>
{
    public NewMemberValidator()
    {
        RuleFor(member => member.Title).OptionalText(40);
        RuleFor(member => member.FirstName).RequiredText(100);
        RuleFor(member => member.LastName).RequiredText(100);
        RuleFor(member => member.RoleType).Required();
        RuleFor(member => member.Profession).Profession();
        RuleFor(member => member.RegistrationNumber).RegistrationNumberOf(member => member.RoleType);
        RuleFor(member => member.Email).Email();
        RuleFor(member => member.ConfirmEmail)
            .Must(
                (member, confirm) => EmailAddress.Normalize(confirm ?? "") == EmailAddress.Normalize(member.Email ?? "")
            )
            .WithMessage("The two email addresses do not match.");
        RuleFor(member => member.Password).TemporaryPassword();
        RuleFor(member => member.ConfirmPassword)
            .Must((member, confirm) => (confirm ?? "") == (member.Password ?? ""))
            .WithMessage("The two passwords do not match.");
        RuleFor(member => member.AccessLevel).LevelFor(member => member.RoleType);
        RuleFor(member => member.Settings).AccessSettings();
        RuleFor(member => member.LocationIds).Locations();
    }
}
