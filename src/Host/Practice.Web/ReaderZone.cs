using Microsoft.AspNetCore.Http;
using Practice.Time;

namespace Practice.Web;

/// <summary>
/// The time zone of the person who reads, for dates that belong to no location and no account. The browser knows it;
/// app.js keeps it in a cookie. Without the cookie dates are in UTC, and say so.
/// </summary>
public sealed class ReaderZone(IHttpContextAccessor accessor)
{
    public const string Cookie = "practice-zone";

    private readonly string? _name =
        accessor.HttpContext?.Request.Cookies[Cookie] is { Length: <= 64 } name && ZoneNames.IsIana(name) ? name : null;

    /// <summary>Such as <c>26 Nov 2026</c>.</summary>
    public string Day(DateTimeOffset at) =>
        _name is null
            ? $"{DateFormat.Text(DateFormat.DayOf(at, "UTC"))} (UTC)"
            : DateFormat.Text(DateFormat.DayOf(at, _name));
}
