using System.Globalization;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Results;
using Practice.Locations.Domain;

namespace Practice.Locations.Features;

/// <summary>What staff enter about a location, when they open it and when they change it.</summary>
/// <param name="TimeZone">An IANA time zone, such as <c>Australia/Melbourne</c>.</param>
/// <param name="Colour">As <c>#rrggbb</c>.</param>
public sealed record LocationInput(
    string? Name,
    string? Address,
    string? Phone,
    string? TimeZone,
    string? Colour,
    WeeklyHours? Hours
);

internal sealed class LocationInputValidator : AbstractValidator<LocationInput>
{
    public LocationInputValidator()
    {
        RuleFor(location => location.Name).RequiredText(100);
        RuleFor(location => location.Address).OptionalMultilineText(300);
        RuleFor(location => location.Phone).OptionalText(40);
        RuleFor(location => location.TimeZone).TimeZone();
        RuleFor(location => location.Colour).Matches(@"^#[0-9a-fA-F]{6}\z").WithMessage("Enter a colour as #rrggbb.");
        RuleFor(location => location.Hours!)
            .SetValidator(new WeeklyHoursValidator())
            .When(location => location.Hours is not null);
    }
}

internal sealed partial class WeeklyHoursValidator : AbstractValidator<WeeklyHours>
{
    private const int MostADay = 6;

    public WeeklyHoursValidator()
    {
        RuleFor(week => week.Monday).Custom(CheckDay);
        RuleFor(week => week.Tuesday).Custom(CheckDay);
        RuleFor(week => week.Wednesday).Custom(CheckDay);
        RuleFor(week => week.Thursday).Custom(CheckDay);
        RuleFor(week => week.Friday).Custom(CheckDay);
        RuleFor(week => week.Saturday).Custom(CheckDay);
        RuleFor(week => week.Sunday).Custom(CheckDay);
    }

    private static void CheckDay(IReadOnlyList<OpenHours>? day, ValidationContext<WeeklyHours> context)
    {
        var path = context.PropertyPath;
        if (day is { Count: > MostADay })
        {
            Fail(path, string.Create(CultureInfo.InvariantCulture, $"At most {MostADay} opening times a day."));
            return;
        }

        var closedSince = "00:00";
        for (var i = 0; i < day?.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            var (opens, closes) = day[i] is { } stretch ? (stretch.Opens, stretch.Closes) : (null, null);

            // Times in this form can be compared as text.
            var opensAtATime = opens is not null && TimeOfDay().IsMatch(opens);
            if (!opensAtATime)
                Fail($"{at}.opens", "Enter a time as HH:mm.");
            else if (string.CompareOrdinal(opens, closedSince) < 0)
                Fail($"{at}.opens", "Opening times must be in order and must not overlap.");

            if (closes is null || (closes != "24:00" && !TimeOfDay().IsMatch(closes)))
                Fail($"{at}.closes", "Enter a time as HH:mm, or 24:00.");
            else if (opensAtATime && string.CompareOrdinal(closes, opens) <= 0)
                Fail($"{at}.closes", "Closing time must be after opening time.");
            else
                closedSince = closes;
        }

        void Fail(string field, string sentence) => context.AddFailure(new ValidationFailure(field, sentence));
    }

    [GeneratedRegex(@"^([01][0-9]|2[0-3]):[0-5][0-9]\z")]
    private static partial Regex TimeOfDay();
}
