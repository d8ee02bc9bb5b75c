using FluentValidation;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Clients;

/// <summary>A new API client.</summary>
/// <param name="AccessLevel">A preset's name, or the id of one of the group's own levels.</param>
/// <param name="Settings">Settings switched against the level; absent: the level alone.</param>
/// <param name="ExpiresAt">From then on it can do nothing; absent: it does not expire.</param>
public sealed record ApiClientInput(
    string? Name,
    AccessLevelId? AccessLevel,
    IReadOnlyDictionary<string, bool>? Settings,
    DateTimeOffset? ExpiresAt
);

internal sealed class ApiClientInputValidator : AbstractValidator<ApiClientInput>
{
    public ApiClientInputValidator(TimeProvider clock)
    {
        RuleFor(client => client.Name).RequiredText(60);
        RuleFor(client => client.AccessLevel).Required();
        RuleFor(client => client.Settings).AccessSettings();
        RuleFor(client => client.ExpiresAt)
            .Must(at => at is null || at > clock.GetUtcNow())
            .WithMessage("Choose a time in the future.");
    }
}
