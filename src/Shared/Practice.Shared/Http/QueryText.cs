using ErrorOr;
using Practice.Time;

namespace Practice.Shared.Http;

/// <summary>
/// Filters of a list in the query string. A misspelt value is an error, not ignored.
/// </summary>
public static class QueryText
{
    /// <summary>One of the enum's names in camelCase, or nothing.</summary>
    public static ErrorOr<T?> OneOf<T>(string field, QueryValue<T>? value)
        where T : struct, Enum
    {
        var sent = value?.Sent;
        if (string.IsNullOrEmpty(sent))
            return (T?)null;
        return EnumCodes.Find<T>(sent) is { } known ? known : ApiError.InvalidField(field, EnumCodes.OneOf<T>());
    }

    public const int MaxSearchLength = 100;

    /// <summary>
    /// Text to search for, at most <see cref="MaxSearchLength"/> characters, none of them a control character.
    /// </summary>
    public static ErrorOr<string?> Search(string field, string? sent) =>
        sent is null || (sent.Length <= MaxSearchLength && !sent.Any(char.IsControl))
            ? string.IsNullOrWhiteSpace(sent)
                ? (string?)null
                : InputText.Clean(sent.Trim())
            : ApiError.InvalidField(field, $"At most {MaxSearchLength} characters, and no control characters.");

    /// <summary><c>true</c> or <c>false</c>; false where absent.</summary>
    public static ErrorOr<bool> YesOrNo(string field, QueryValue<bool>? value) =>
        string.IsNullOrEmpty(value?.Sent) || value?.Sent == "false" ? false
        : value?.Sent == "true" ? true
        : ApiError.InvalidField(field, "true or false.");

    /// <summary>As <see cref="YesOrNo"/>, or null where absent.</summary>
    public static ErrorOr<bool?> YesOrNoIfSent(string field, QueryValue<bool>? value) =>
        string.IsNullOrEmpty(value?.Sent) ? (bool?)null : YesOrNo(field, value).Then(bool? (yes) => yes);

    /// <summary>An id, or null where absent.</summary>
    public static ErrorOr<Guid?> Id(string field, QueryValue<Guid>? value) =>
        string.IsNullOrEmpty(value?.Sent) ? (Guid?)null
        : Guid.TryParse(value?.Sent, out var id) ? id
        : ApiError.InvalidField(field, "An id.");

    /// <summary>A date as <c>yyyy-MM-dd</c>, or null where absent.</summary>
    public static ErrorOr<DateOnly?> Day(string field, QueryValue<DateOnly>? value) =>
        string.IsNullOrEmpty(value?.Sent) ? (DateOnly?)null
        : IsoTime.Day(value?.Sent) is { } day ? day
        : ApiError.InvalidField(field, IsoTime.DayForm);

    /// <summary>An instant of RFC 3339, such as <c>2026-11-23T08:30:00Z</c>, or null where absent.</summary>
    public static ErrorOr<DateTimeOffset?> Moment(string field, QueryValue<DateTimeOffset>? value) =>
        value?.Sent is not { Length: > 0 } text ? (DateTimeOffset?)null
        // The first and last years would leave those that a time can have, once something is added or taken away.
        : IsoTime.Instant(text) is { } moment
            ? moment is { Year: > 1 and < 9999 } ? moment
                : ApiError.InvalidField(field, "This time is too far away.")
        // A plus sign in an address means a blank.
        : IsoTime.Instant(text.Replace(' ', '+')) is not null
            ? ApiError.InvalidField(field, "In an address, write the + of the offset as %2B.")
        : ApiError.InvalidField(field, IsoTime.InstantForm);
}
