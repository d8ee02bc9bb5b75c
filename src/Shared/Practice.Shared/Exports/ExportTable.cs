namespace Practice.Shared.Exports;

/// <summary>One table of an export: a row for each thing, with the fields that the API has for it.</summary>
/// <param name="Name">Also that of its files.</param>
/// <param name="RowType">The record that a row is.</param>
/// <param name="Rows">Reads them from the beginning, a page at a time. It may be called more than once.</param>
public sealed record ExportTable(string Name, Type RowType, Func<CancellationToken, IAsyncEnumerable<object>> Rows)
{
    public static ExportTable Of<T>(string name, Func<CancellationToken, IAsyncEnumerable<T>> rows)
        where T : class => new(name, typeof(T), rows);

    /// <summary>All pages, one after the other: each begins after the last row of the one before.</summary>
    /// <param name="read">The next rows after one, or the first; fewer than asked for are the last.</param>
    /// <param name="count">How many rows a page has.</param>
    public static async IAsyncEnumerable<T> PagesAsync<T>(Func<T?, Task<List<T>>> read, int count)
        where T : class
    {
        T? last = null;
        do
        {
            var rows = await read(last);
            foreach (var row in rows)
                yield return row;
            last = rows.Count < count ? null : rows[^1];
        } while (last is not null);
    }
}
