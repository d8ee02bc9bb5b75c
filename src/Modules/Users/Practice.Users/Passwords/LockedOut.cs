using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Practice.Users.Passwords;

/// <summary>429: too many failed attempts. <c>Retry-After</c> says how long to wait.</summary>
internal static class LockedOut
{
    private const string Wait = "retryAfterSeconds";

    public static Error For(TimeSpan wait) =>
        Error.Custom(
            StatusCodes.Status429TooManyRequests,
            "users.locked_out",
            "There were too many failed attempts. Wait a while, or set a new password by email.",
            new() { [Wait] = (int)Math.Ceiling(wait.TotalSeconds) }
        );

    public static Error TooManyEmails(TimeSpan wait) =>
        TooMany(wait, "Too many emails were requested from your network. Try again later.");

    public static Error TooManyChangesOfEmail(TimeSpan wait) =>
        TooMany(wait, "You asked for a new email too often. Try again later.");

    private static Error TooMany(TimeSpan wait, string sentence) =>
        Error.Custom(
            StatusCodes.Status429TooManyRequests,
            "users.too_many_emails",
            sentence,
            new() { [Wait] = (int)Math.Ceiling(wait.TotalSeconds) }
        );

    /// <summary>The answer for these errors, with the header if the email is locked out.</summary>
    public static IResult ToProblem(HttpContext http, IReadOnlyList<Error> errors)
    {
        if (errors[0].Metadata?.GetValueOrDefault(Wait) is int seconds)
            http.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.ToProblem(errors);
    }
}
