using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Practice.Shared.Http;

/// <summary>Where the next page of a list begins, as callers see it: keys, opaque and fit for an address.</summary>
internal static class Cursors
{
    /// <param name="keys">Ids, and moments with all their digits.</param>
    public static string Write(char separator, params IEnumerable<object> keys) =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                string.Join(
                    separator,
                    keys.Select(key =>
                        Convert.ToString(
                            key is DateTimeOffset moment ? moment.UtcTicks : key,
                            CultureInfo.InvariantCulture
                        )
                    )
                )
            )
        );

    /// <summary>The keys as text; null if it is no cursor.</summary>
    public static string[]? Read(char separator, string? cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(separator);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A key that is a moment; null if it is none.</summary>
    public static DateTimeOffset? MomentOf(string key) =>
        long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;
}
