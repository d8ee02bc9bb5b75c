using Npgsql;

namespace Practice.TestKit;

/// <summary>
/// SQL as one role of one database, for looking at what is really stored. Pooled, since tests look often and a sign-in
/// costs more than most statements; what nobody uses for two seconds is closed.
/// </summary>
public sealed class Sql(string connectionString)
{
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString)
    {
        ConnectionIdleLifetime = 2,
        ConnectionPruningInterval = 1,
        MaxPoolSize = 20, // a test may hold locks on several
    }.ConnectionString;

    /// <param name="parameters">For <c>$1</c>, <c>$2</c>…</param>
    public async Task<int> Execute(string sql, params object[] parameters)
    {
        await using var connection = await Open();
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; default where there is none or it is null.</summary>
    public async Task<T?> Scalar<T>(string sql, params object[] parameters)
    {
        await using var connection = await Open();
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task<List<object?[]>> Rows(string sql, params object[] parameters)
    {
        await using var connection = await Open();
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
            rows.Add([
                .. Enumerable
                    .Range(0, reader.FieldCount)
                    .Select(column => reader.IsDBNull(column) ? null : reader.GetValue(column)),
            ]);
        return rows;
    }

    private async Task<NpgsqlConnection> Open()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
