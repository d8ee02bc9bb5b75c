using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Practice.Architecture.Tests;

/// <summary>
/// No meaning depends on the zone, the clock or the culture of the machine, and how days and clock times lie in a zone
/// is worked out in <c>Practice.Time</c> alone.
/// </summary>
public sealed partial class MachineTime
{
    private const string Time = "Practice.Time";

    [Fact]
    public void Nothing_depends_on_the_machines_zone_clock_or_culture() =>
        Rule.Holds(Real(), assembly => Uses(assembly, OfTheMachine()));

    [Fact]
    public void Days_and_clock_times_of_a_zone_are_worked_out_in_one_place() =>
        Rule.Holds(Real().Where(assembly => assembly != Time), assembly => Uses(assembly, OfAZone()));

    [Fact]
    public void A_second_rule_or_the_machines_own_is_caught()
    {
        var bad = Path.Combine("BadSamples", "Practice.Bad");
        Rule.Catches(
            [bad],
            assembly => Uses(assembly, OfTheMachine()),
            "Practice.Bad.Features.BadClock uses System.DateOnly::TryParse",
            "Practice.Bad.Features.BadClock uses System.DateTime::TryParse",
            "Practice.Bad.Features.BadClock uses System.DateTimeOffset::get_Now",
            "Practice.Bad.Features.BadClock uses System.TimeZoneInfo::get_Local"
        );
        Rule.Catches(
            [bad],
            assembly => Uses(assembly, OfAZone()),
            "Practice.Bad.Features.BadClock uses System.TimeZoneInfo::IsInvalidTime"
        );
    }

    private static IEnumerable<string> Real() =>
        Directory
            .EnumerateDirectories(Path.Combine(Codebase.Real.Root, "src"), "Practice.*", SearchOption.AllDirectories)
            .Where(folder => File.Exists(Path.Combine(folder, $"{Path.GetFileName(folder)}.csproj")))
            .Select(folder => Path.GetFileName(folder)!);

    private static IEnumerable<string> Uses(string name, Regex forbidden)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        return
        [
            .. (
                from mention in Mentions.Of(assembly)
                where forbidden.IsMatch(mention.Name)
                select $"{mention.User.FullName} uses {mention.Name}"
            ).Distinct(),
        ];
    }

    [GeneratedRegex(
        @"^System\.(DateTime|DateTimeOffset)::(get_Now|get_Today|get_LocalDateTime|ToLocalTime)$"
            + @"|^System\.(DateTime|DateTimeOffset|DateOnly|TimeOnly)::(Parse|TryParse)$"
            + @"|^System\.TimeZoneInfo::get_Local$|^System\.TimeZone::"
            + @"|^System\.Globalization\.CultureInfo::get_Current(UI)?Culture$"
    )]
    private static partial Regex OfTheMachine();

    [GeneratedRegex(
        @"^System\.TimeZoneInfo::(Convert\w*|IsInvalidTime|IsAmbiguousTime|GetAmbiguousTimeOffsets|GetUtcOffset"
            + @"|IsDaylightSavingTime|GetAdjustmentRules)$"
    )]
    private static partial Regex OfAZone();
}
