using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>Reads directly from a module's schema, on behalf of the request's caller.</summary>
/// <typeparam name="TContext">Of the module whose schema it reads.</typeparam>
public sealed class DirectReads<TContext>(NpgsqlDataSource source, CallContext call) : IAuthorizesCalls
    where TContext : ModuleDbContext
{
    /// <exception cref="AccessDeniedException">The caller may not.</exception>
    public async Task<List<TRow>> ListAsync<TRow>(BoundRead<TRow> read, CancellationToken ct)
    {
        await using var batch = Batch(read);
        await using var reader = await AuthorizedAsync(batch, ct);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(read.Row(reader));
        return rows;
    }

    /// <summary>The one row; the default where there is none.</summary>
    /// <exception cref="AccessDeniedException">The caller may not.</exception>
    public async Task<TRow?> FindAsync<TRow>(BoundRead<TRow> read, CancellationToken ct)
    {
        await using var batch = Batch(read);
        await using var reader = await AuthorizedAsync(batch, ct);
        return await reader.ReadAsync(ct) ? read.Row(reader) : default;
    }

    /// <summary>
    /// Closes the reader where the caller may not, and so nobody else does: once closed, Npgsql gives the same reader
    /// to the next call on its connection, and to close it twice would close it for that one, too.
    /// </summary>
    private async Task<NpgsqlDataReader> AuthorizedAsync(NpgsqlBatch batch, CancellationToken ct)
    {
        var reader = await batch.ExecuteReaderAsync(ct);
        await RowSecurityInterceptor.SkipAsync(reader, call, ct);
        return reader;
    }

    /// <summary>One implicit transaction, which may only read.</summary>
    private NpgsqlBatch Batch<TRow>(BoundRead<TRow> read)
    {
        if (call.ActingAs != ActingAs.Caller || call.Request is not { } request)
            throw new InvalidOperationException("A direct read is for the caller of a route that requires something.");
        RowSecurityInterceptor.DenyWithoutToken(call);
        var batch = source.CreateBatch();
        var authorize = new NpgsqlBatchCommand(AuthorizationSql.InBatch(request));
        AuthorizationSql.AddParameters(authorize.Parameters, request, call.Now, named: false);
        batch.BatchCommands.Add(authorize);
        batch.BatchCommands.Add(read.Command());
        return batch;
    }
}
