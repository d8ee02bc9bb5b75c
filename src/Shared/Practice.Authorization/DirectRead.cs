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
