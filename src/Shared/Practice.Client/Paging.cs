using System.Runtime.CompilerServices;

namespace Practice.Client;

/// <summary>Lists come in pages; each but the last names the cursor of the next.</summary>
public static class Paging
{
    /// <summary>
    /// All items of a list, page by page as they are needed: <c>Paging.AllAsync(after => api.ListMembersAsync(groupId,
    /// limit: 200, after: after), page => (page.Items, page.Next))</c>.
    /// </summary>
    /// <param name="read">Reads the page after a cursor, the first where it is null.</param>
    /// <param name="parts">The items of a page and the cursor of the next.</param>
    public static async IAsyncEnumerable<TItem> AllAsync<TPage, TItem>(
        Func<string?, Task<ApiAnswer<TPage>>> read,
        Func<TPage, (IReadOnlyList<TItem> Items, string? Next)> parts,
        [EnumeratorCancellation] CancellationToken ct = default
    )
    {
        string? after = null;
        do
        {
            ct.ThrowIfCancellationRequested();
            (var items, after) = parts((await read(after)).Result);
            foreach (var item in items)
                yield return item;
        } while (after is not null);
    }
}
