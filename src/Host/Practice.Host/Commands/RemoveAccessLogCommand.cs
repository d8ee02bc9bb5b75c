using System.Globalization;
using Npgsql;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>remove-access-log</c>: removes who opened what in portal accounts, from before a day.</summary>
internal static class RemoveAccessLogCommand
{
    /// <summary>Health records are kept as long at least, and the log belongs to them.</summary>
    private const int MinYears = 7;

    /// <summary>So many at once hold no other's work up, and leave room for the next ones.</summary>
    private const int Portion = 10_000;

    public static async Task<int> RunAsync(string day, PracticeDatabase database, TextWriter console)
    {
        var before = DayArgument.Read(day, MinYears);
        var removed = 0L;
        await PracticeHost
            .Setup(database)
            .WithAllRowsAsync(
                async owner =>
                {
                    foreach (var module in ModuleCatalogue.Find())
                        if (module.AccessLogTable is { } table)
                            removed += await RemoveAsync(owner, $"{module.Schema}.{table}", before);
                },
                CancellationToken.None
            );
        await console.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{removed} entries from before {day} are removed.")
        );
        return 0;
    }

    private static async Task<long> RemoveAsync(NpgsqlConnection owner, string table, DateTimeOffset before)
    {
        // An id begins with the time: the oldest are found without an index on the time.
        await using var remove = new NpgsqlCommand(
            $"""
            delete from {table}
            where id in (select id from {table} where id < $1 and at < $2 order by id limit {Portion})
            """,
            owner
        )
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7(before) },
                new() { Value = before.UtcDateTime },
            },
            CommandTimeout = 0,
        };
        var removed = 0L;
        while (await remove.ExecuteNonQueryAsync() is var some and > 0)
            removed += some;
        return removed;
    }
}
