using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Authorization;

/// <summary>
/// The functions of the schema <c>authority</c>, one file each under <c>Sql/</c>. To change one, edit its file and add
/// a migration that calls <see cref="Apply"/>. If its parameters change, its file first drops the old signature with
/// <c>drop function if exists</c>: a new database runs old migrations too.
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
    /// Creates or replaces every function as its file has it; they belong to a role that nobody logs in as.
    /// </summary>
    public static void Apply(MigrationBuilder migration)
    {
        // A new database runs an old migration with today's functions, before their newest columns are there.
        migration.Sql("set local check_function_bodies = off;");
        foreach (var name in Names)
            migration.Sql(
                $"""
                {Text(name)}
                revoke all on function authority.{name} from public;
                """
            );
    }

    /// <summary>The definition of one function.</summary>
    public static string Text(string name)
    {
        using var file = typeof(AuthorizationFunctions).Assembly.GetManifestResourceStream($"{name}.sql")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
