using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence;

/// <summary>For migrations of tables that hosts write to meanwhile.</summary>
public static class ConcurrentIndex
{
    /// <summary>Builds an index without holding up those who write. It replaces one of the same name.</summary>
    /// <param name="on">The table without its schema, its columns, and which rows.</param>
    public static void CreateIndexConcurrently(this MigrationBuilder migration, string schema, string index, string on)
    {
        // It waits for all transactions, and holds up nobody meanwhile.
        migration.Sql("set lock_timeout = 0", suppressTransaction: true);
        // What an interrupted run has left is not valid.
        migration.Sql($"drop index concurrently if exists {schema}.{index}", suppressTransaction: true);
        migration.Sql($"create index concurrently {index} on {schema}.{on}", suppressTransaction: true);
        migration.Sql($"set lock_timeout = '{DatabaseSetup.LockTimeout}'", suppressTransaction: true);
    }
}
