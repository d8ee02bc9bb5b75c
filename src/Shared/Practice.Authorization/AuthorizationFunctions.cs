using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Authorization;

/// <summary>
/// The functions of the schema <c>authority</c>, one file each under <c>Sql/</c>. To change one, edit its file and add
/// a migration that calls <see cref="Apply"/>; the one that did so before calls <see cref="CreateMissing"/> from then
/// on. If its parameters change, its file first drops the old signature with <c>drop function if exists</c>: a new
/// database runs old migrations too. A migration that adds a table of the schema hands it over at once, as
/// <c>StepUp</c> does: hosts are running.
/// </summary>
public static class AuthorizationFunctions
{
    /// <summary>What every module calls to have its caller authorized.</summary>
    public static IReadOnlyList<string> ForEveryModule { get; } =
    ["authorize", "authorize_portal", "act_as_system", "act_as_nobody", "only_read", "current_user_id"];

    /// <summary>Every function by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(AuthorizationFunctions)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal)!,
    ];

    /// <summary>
    /// Creates or replaces every function as its file has it; they belong to a role that nobody logs in as. Only the
    /// newest migration that needs it may: with an earlier one today's functions would run before their newest columns
    /// are there, and hosts that are running would answer 500.
    /// </summary>
    public static void Apply(MigrationBuilder migration)
    {
        foreach (var name in Names)
            migration.Sql(Definition(name));
    }

    /// <summary>Of an earlier migration: creates the functions that are missing; others stay as they are.</summary>
    public static void CreateMissing(MigrationBuilder migration)
    {
        migration.Sql("set local check_function_bodies = off;"); // their newest columns are not there yet
        foreach (var name in Names)
            migration.Sql(
                $"""
                do $missing$ begin
                    if not exists (
                        select from pg_catalog.pg_proc
                        where pronamespace = 'authority'::pg_catalog.regnamespace and proname = '{name}')
                    then
                        execute $definition$ {Definition(name)} $definition$;
                    end if;
                end $missing$;
                """
            );
    }

    private static string Definition(string name) =>
        $"""
            {Text(name)}
            revoke all on function authority.{name} from public;
            """;

    /// <summary>The text of its file.</summary>
    public static string Text(string name)
    {
        using var file = typeof(AuthorizationFunctions).Assembly.GetManifestResourceStream($"{name}.sql")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
