using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence;

/// <summary>
/// When a row last changed. The database notes it, whatever changes the row: hosts of the release before do not know of
/// it, and some changes are made by SQL alone.
/// </summary>
public static class UpdatedAt
{
    private const string Now = "clock_timestamp()";

    public static void IsNotedByTheDatabase(this PropertyBuilder<DateTimeOffset> property) =>
        property.HasDefaultValueSql(Now).ValueGeneratedOnAddOrUpdate();

    /// <summary>
    /// Rows that there are count as changed now: those who follow the changes read them once more. No row is rewritten.
    /// </summary>
    public static void NoteUpdates(this MigrationBuilder migration, string schema, params string[] tables)
    {
        migration.Sql(
            $"""
            create function {schema}.note_update() returns trigger language plpgsql as $$
            begin
                -- Each change has its own time, which also names the version.
                new.updated_at := greatest({Now}, old.updated_at + interval '1 microsecond');
                return new;
            end $$;
            """
        );
        foreach (var table in tables)
            migration.Sql(
                $"""
                alter table {schema}.{table} add updated_at timestamptz not null default now();
                alter table {schema}.{table} alter updated_at set default {Now};
                create trigger note_update before update on {schema}.{table}
                    for each row execute function {schema}.note_update();
                """
            );
    }

    public static void ForgetUpdates(this MigrationBuilder migration, string schema, params string[] tables)
    {
        foreach (var table in tables)
            migration.Sql(
                $"""
                drop trigger note_update on {schema}.{table};
                alter table {schema}.{table} drop updated_at;
                """
            );
        migration.Sql($"drop function {schema}.note_update();");
    }
}
