using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Features;

/// <param name="Url">Where the events are sent.</param>
/// <param name="Events">Their names.</param>
public sealed record WebhookInput(string? Url, IReadOnlyList<string?>? Events);

/// <inheritdoc cref="WebhookInput"/>
/// <param name="Enabled">Whether it sends.</param>
public sealed record WebhookChange(string? Url, IReadOnlyList<string?>? Events, bool? Enabled);

internal sealed class WebhookInputValidator : AbstractValidator<WebhookInput>
{
    public WebhookInputValidator(IOptions<WebhookOptions> options)
    {
        RuleFor(input => input.Url).WebhookUrl(options.Value);
        RuleFor(input => input.Events).EventNames();
    }
}

internal sealed class WebhookChangeValidator : AbstractValidator<WebhookChange>
{
    public WebhookChangeValidator(IOptions<WebhookOptions> options)
    {
        RuleFor(input => input.Url).WebhookUrl(options.Value);
        RuleFor(input => input.Events).EventNames();
        RuleFor(input => input.Enabled).Required();
    }
}

internal static class WebhookInputRules
{
    public static void WebhookUrl<T>(this IRuleBuilderInitial<T, string?> rule, WebhookOptions options) =>
        rule.Cascade(CascadeMode.Stop)
            .RequiredText(Domain.WebhookUrl.MaxLength)
            .Custom(
                (url, context) =>
                {
                    if (Domain.WebhookUrl.WhyNot(url!.Trim(), options.AllowPrivateNetworks) is { } wrong)
                        context.AddFailure(wrong);
                }
            );

    public static void EventNames<T>(this IRuleBuilderInitial<T, IReadOnlyList<string?>?> rule) =>
        rule.Cascade(CascadeMode.Stop)
            .NotEmpty()
            .WithMessage("Choose at least one event.")
            .Must(events => events!.Count <= WebhookEvents.All.Count)
            .WithMessage("There are fewer events than that.")
            .Must(events => events!.All(WebhookEvents.IsKnown))
            .WithMessage("One of these events is not known. GET /api/webhook-events lists them.");
}
