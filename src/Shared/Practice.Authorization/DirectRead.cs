using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Practice.Authorization;

/// <summary>
/// A read that nearly every page makes, as plain SQL (docs/adr/0050): authorized in the same round trip as every read,
/// without what EF does around one.
/// </summary>
/// <param name="sql">One statement that names its parameters <c>$1</c>, <c>$2</c>.</param>
/// <param name="row">Makes a row of the answer.</param>
public sealed class DirectRead<TRow>([ConstantExpected] string sql, Func<DbDataReader, TRow> row)
{
    internal string Sql => sql;

    internal TRow Row(DbDataReader reader) => row(reader);

    public BoundRead<TRow> With<T1, T2>(T1 first, T2 second) => new(this, [Value(first), Value(second)]);

    public BoundRead<TRow> With<T1, T2, T3>(T1 first, T2 second, T3 third) =>
        new(this, [Value(first), Value(second), Value(third)]);

    public BoundRead<TRow> With<T1, T2, T3, T4>(T1 first, T2 second, T3 third, T4 fourth) =>
        new(this, [Value(first), Value(second), Value(third), Value(fourth)]);

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}

/// <summary>A read with the values of its parameters.</summary>
public sealed class BoundRead<TRow>
{
    private readonly DirectRead<TRow> _read;
    private readonly NpgsqlParameter[] _values;

    internal BoundRead(DirectRead<TRow> read, NpgsqlParameter[] values) => (_read, _values) = (read, values);

    internal TRow Row(DbDataReader reader) => _read.Row(reader);

    internal NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(_read.Sql);
        foreach (var value in _values)
            command.Parameters.Add(value);
        return command;
    }
}

/// <summary>Reads directly from a module's schema, on behalf of the request's caller.</summary>
public class DirectReads(NpgsqlDataSource source, CallContext call) : IAuthorizesCalls
{
    /// <exception cref="AccessDeniedException">The caller may not.</exception>
    public async Task<List<TRow>> ListAsync<TRow>(BoundRead<TRow> read, CancellationToken ct)
    {
        await using var batch = Batch(read);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await AuthorizedAsync(reader, ct);
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
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await AuthorizedAsync(reader, ct);
        return await reader.ReadAsync(ct) ? read.Row(reader) : default;
    }

    /// <summary>One implicit transaction, which may only read.</summary>
    private NpgsqlBatch Batch<TRow>(BoundRead<TRow> read)
    {
        if (call.ActingAs != ActingAs.Caller || call.Request is not { } request)
            throw new InvalidOperationException("A direct read is for the caller of a route that requires something.");
        if (request.TokenHash is null)
            throw new AccessDeniedException(AuthorizationErrors.NotSignedIn);
        var batch = source.CreateBatch();
        var authorize = new NpgsqlBatchCommand(AuthorizationSql.InBatch(request));
        AuthorizationSql.AddParameters(authorize.Parameters, request, call.Now, named: false);
        batch.BatchCommands.Add(authorize);
        batch.BatchCommands.Add(read.Command());
        return batch;
    }

    private async Task AuthorizedAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var result = AuthorizationSql.ReadResult(await reader.ReadAsync(ct), reader, call.Request!);
        if (result.Caller is not { } caller)
        {
            // What is left of the batch may end in an error, which must not replace this one.
            await RowSecurityInterceptor.CloseAsync(reader);
            throw new AccessDeniedException(result.Error!.Value);
        }

        call.SetCaller(caller);
        await reader.NextResultAsync(ct);
    }
}
