using System.Text.RegularExpressions;
using Practice.Client;
using Practice.Time;

namespace Practice.Web;

/// <summary>What an act of the audit changed, in words.</summary>
internal static partial class AuditChanges
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["level"] = "Access level",
        ["switchedOn"] = "Turned on",
        ["switchedOff"] = "Turned off",
        ["isOwner"] = "Owner",
        ["requiresTwoFactor"] = "Two-factor authentication required",
        ["twoFactor"] = "Two-factor authentication required",
        ["requiredProvider"] = "Required sign-in",
        ["shareRecords"] = "New clinical records are shared",
        ["idleMinutes"] = "Minutes until sign-out",
        ["locationIds"] = "Locations",
        ["locationId"] = "Location",
        ["practitionerId"] = "Practitioner",
        ["startsAt"] = "Start",
        ["endsAt"] = "End",
        ["timeZone"] = "Time zone",
    };

    /// <param name="nameOf">The name of a person or location with this id, if it is known.</param>
    public static string Text(AuditChange change, string timeZone, Func<Guid, string?> nameOf)
    {
        var label = Labels.GetValueOrDefault(change.What) ?? Words(change.What);
        var (from, to) = (Value(change.From, timeZone, nameOf), Value(change.To, timeZone, nameOf));
        return from is null && to is null ? $"{label} changed" : $"{label}: {from ?? "none"} → {to ?? "none"}";
    }

    private static string? Value(string? value, string timeZone, Func<Guid, string?> nameOf) =>
        string.IsNullOrEmpty(value) || value == "none" ? null
        : value is "true" ? "yes"
        : value is "false" ? "no"
        : IsoTime.Instant(value) is { } at ? DateFormat.Text(at, timeZone)
        : IsoTime.Day(value) is { } day ? DateFormat.Text(day)
        : string.Join(
            ", ",
            value.Split(", ").Select(part => Guid.TryParse(part, out var id) ? nameOf(id) ?? "…" : Word(part))
        );

    /// <summary>The label of a code; other text stays as it is.</summary>
    private static string Word(string text) =>
        !Code().IsMatch(text) ? text
        : AccessLabels.Label(text) is var label && label != text ? label
        : Words(text);

    /// <summary>Such as "Registration number" of <c>registrationNumber</c>.</summary>
    private static string Words(string code)
    {
        var spaced = Capital().Replace(code, capital => $" {capital.Value.ToLowerInvariant()}").Trim();
        return $"{char.ToUpperInvariant(spaced[0])}{spaced[1..]}";
    }

    [GeneratedRegex("^[a-z]+([A-Z][a-z]*)*$")]
    private static partial Regex Code();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
