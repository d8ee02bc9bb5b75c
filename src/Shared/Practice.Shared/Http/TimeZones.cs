using System.Text.RegularExpressions;

namespace Practice.Shared.Http;

/// <summary>The names of time zones as callers send them.</summary>
public static partial class TimeZones
{
    /// <summary>
    /// Whether this is an IANA time zone that this machine knows. The form is checked first because .NET looks a zone up
    /// as a file by that name, which a caller must not choose freely.
    /// </summary>
    public static bool IsIana(string name) =>
        Form().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z")]
    private static partial Regex Form();
}
