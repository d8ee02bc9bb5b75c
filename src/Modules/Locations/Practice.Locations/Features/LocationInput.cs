using System.Globalization;
using System.Linq.Expressions;
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

internal sealed class WeeklyHoursValidator : AbstractValidator<WeeklyHours>
{
    private const int MaxOpeningsPerDay = 6;

    public WeeklyHoursValidator()
    {
        Day(week => week.Monday);
        Day(week => week.Tuesday);
        Day(week => week.Wednesday);
        Day(week => week.Thursday);
        Day(week => week.Friday);
        Day(week => week.Saturday);
        Day(week => week.Sunday);
    }

    private void Day(Expression<Func<WeeklyHours, IReadOnlyList<OpenHours>?>> day)
    {
        RuleFor(day)
            .Cascade(CascadeMode.Stop)
            .AtMost(MaxOpeningsPerDay)
            .WithMessage(
                string.Create(CultureInfo.InvariantCulture, $"At most {MaxOpeningsPerDay} opening times a day.")
            )
            .Custom(CheckOrder);
        var hours = day.Compile();
        Expression<Func<WeeklyHours, IEnumerable<OpenHours>>> each = Expression.Lambda<
            Func<WeeklyHours, IEnumerable<OpenHours>>
        >(day.Body, day.Parameters);
        RuleForEach(each)
            .SetValidator(new OpenHoursValidator())
            .When(week => hours(week) is { Count: <= MaxOpeningsPerDay });
    }

    /// <summary>Of those whose times are times. These can be compared as text.</summary>
    private static void CheckOrder(IReadOnlyList<OpenHours>? day, ValidationContext<WeeklyHours> context)
    {
        var closedSince = "00:00";
        for (var i = 0; i < day?.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{context.PropertyPath}[{i}]");
            if (day[i] is not var (opens, closes))
            {
                Fail($"{at}.opens", OpenHoursValidator.WhichTime);
                Fail($"{at}.closes", OpenHoursValidator.WhichEnd);
                continue;
            }

            var isTime = OpenHoursValidator.IsTimeOfDay(opens);
            if (isTime && string.CompareOrdinal(opens, closedSince) < 0)
                Fail($"{at}.opens", "Opening times must be in order and must not overlap.");
            if (!OpenHoursValidator.IsEnd(closes))
                continue;
            if (isTime && string.CompareOrdinal(closes, opens) <= 0)
                Fail($"{at}.closes", "Closing time must be after opening time.");
            else
                closedSince = closes;
        }

        void Fail(string field, string sentence) => context.AddFailure(new ValidationFailure(field, sentence));
    }
}

internal sealed partial class OpenHoursValidator : AbstractValidator<OpenHours>
{
    public const string WhichTime = "Enter a time as HH:mm.";
    public const string WhichEnd = "Enter a time as HH:mm, or 24:00.";

    private const string Time = "([01][0-9]|2[0-3]):[0-5][0-9]";

    public OpenHoursValidator()
    {
        RuleFor(stretch => stretch.Opens)
            .MustBe(IsTimeOfDay, new SchemaFacts { Required = true, Pattern = $"^{Time}$" })
            .WithMessage(WhichTime);
        RuleFor(stretch => stretch.Closes)
            .MustBe(IsEnd, new SchemaFacts { Required = true, Pattern = $"^({Time}|24:00)$" })
            .WithMessage(WhichEnd);
    }

    public static bool IsTimeOfDay(string? text) => text is not null && TimeOfDay().IsMatch(text);

    public static bool IsEnd(string? text) => text == "24:00" || IsTimeOfDay(text);

    [GeneratedRegex($@"^{Time}\z")]
    private static partial Regex TimeOfDay();
}
