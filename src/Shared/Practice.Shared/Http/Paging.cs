using System.Globalization;
using ErrorOr;

namespace Practice.Shared.Http;

/// <summary>One page of a list, and the cursor to the next.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>
/// <c>?limit=</c> and <c>?after=</c> as sent. The cursor is opaque to callers: inside it stands the id of the last item
/// seen, or the moment and the id it is ordered by, so that a page costs the same wherever it lies. It never holds a
/// name, since cursors stand in addresses: a list by name looks the name of that item up.
/// </summary>
public sealed class Paging
{
    public const int Default = 50;
    public const int MaxLimit = 200;
    private const char Separator = '\u001f';

    public int Limit { get; private init; } = Default;

    private string[]? After { get; init; }

    private List<Error> Errors { get; } = [];

    public static ValueTask<Paging> BindAsync(HttpContext http)
    {
        var limit = http.Request.Query["limit"].ToString();
        var after = http.Request.Query["after"].ToString();
        var size = Default;
        var errors = new List<Error>();
        if (
            limit.Length > 0
            && (
                !int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size)
                || size is < 1 or > MaxLimit
            )
        )
            errors.Add(ApiError.InvalidField("limit", $"A whole number from 1 to {MaxLimit}."));

        var paging = new Paging { Limit = size, After = after.Length > 0 ? Cursors.Read(Separator, after) : null };
        if (after.Length > 0 && paging.After is null)
            errors.Add(BadCursor);
        paging.Errors.AddRange(errors);
        return ValueTask.FromResult(paging);
    }

    /// <summary>
    /// The keys after which the page begins (null: at the start), or what is wrong with the query string.
    /// </summary>
    public ErrorOr<Guid?> AfterId() => Keys(1, keys => Guid.TryParse(keys[0], out var id) ? id : (Guid?)null);

    /// <inheritdoc cref="AfterId"/>
    public ErrorOr<(DateTimeOffset At, Guid Id)?> AfterMomentAndId() =>
        Keys(2, keys =>
            Cursors.MomentOf(keys[0]) is { } at && Guid.TryParse(keys[1], out var id)
                ? (at, id)
                : ((DateTimeOffset, Guid)?)null
        );

    /// <summary>
    /// Makes the page of rows read with <c>Take(Limit + 1)</c>: the one too many says that there is a next page.
    /// </summary>
    public Page<TItem> Page<TRow, TItem>(List<TRow> rows, Func<TRow, TItem> item, Func<TRow, object[]> keys) =>
        rows.Count <= Limit
            ? new(rows.ConvertAll(row => item(row)), null)
            : new(
                rows.GetRange(0, Limit).ConvertAll(row => item(row)),
                Cursors.Write(Separator, keys(rows[Limit - 1]))
            );

    private ErrorOr<TKeys?> Keys<TKeys>(int count, Func<string[], TKeys?> parse)
        where TKeys : struct
    {
        if (Errors.Count > 0)
            return Errors;
        if (After is null)
            return (TKeys?)null;
        return After.Length == count && parse(After) is { } keys ? keys : BadCursor;
    }

    private static Error BadCursor =>
        ApiError.InvalidField("after", "This is not a cursor from a previous page of this list.");

    /// <summary>
    /// The last item of the page before cannot be seen any more, so nobody knows where the next begins.
    /// </summary>
    public static Error Gone =>
        ApiError.InvalidField("after", "The list has changed since that page. Start again at the first page.");
}
