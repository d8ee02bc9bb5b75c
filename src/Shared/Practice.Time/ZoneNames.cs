using System.Text.RegularExpressions;

namespace Practice.Time;

/// <summary>The names of time zones as callers send them.</summary>
public static partial class ZoneNames
{
    /// <summary>
    /// Whether this is an IANA time zone that this machine knows. The form keeps out Windows' names, which .NET may
    /// translate, and what a machine keeps beside its zones, such as <c>localtime</c> and <c>posixrules</c>.
    /// </summary>
    public static bool IsIana(string name) =>
        Form().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z")]
    private static partial Regex Form();
}
