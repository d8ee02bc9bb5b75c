using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Practice.Shared.Audit;

/// <summary>What an act changed. Values are codes, ids, dates, times and numbers, as text.</summary>
/// <param name="What">The name of the field, in camelCase.</param>
/// <param name="From">Null where there was none, or where the audit does not hold it.</param>
/// <param name="To">Null where there is none, or where the audit does not hold it.</param>
public sealed record AuditChange(string What, string? From, string? To)
{
    internal static AuditChange Of(string property, object? from, object? to, bool values) =>
        new(JsonNamingPolicy.CamelCase.ConvertName(property), values ? Text(from) : null, values ? Text(to) : null);

    private static string? Text(object? value) =>
        value switch
        {
            null => null,
            string text => text,
            bool yes => yes ? "true" : "false",
            Enum name => string.Join(
                ", ",
                name.ToString().Split(", ").Select(part => JsonNamingPolicy.CamelCase.ConvertName(part))
            ),
            DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            IEnumerable<Guid> ids => string.Join(", ", ids),
            IEnumerable<string> codes => string.Join(", ", codes),
            IFormattable number and not IEnumerable => number.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };
}
