using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using Practice.Shared;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>
/// 7. One DbContext a module; its model stays in its schema, migrations history too; no foreign key crosses schemas; no
/// SQL text names another module's schema; what row-level security compares with is set nowhere but in the functions of
/// <c>authority</c>.
/// </summary>
public sealed partial class Rule07_Database
{
    /// <summary>
    /// What every module's context maps besides its own, to write it in the same transaction and batch (docs/adr/0002).
    /// These tables belong to no module, and no module migrates them.
    /// </summary>
    private static readonly string[] SharedTables =
    [
        "audit.entries",
        "messaging.wolverine_incoming_envelopes",
        "messaging.wolverine_outgoing_envelopes",
    ];

    [Fact]
    public void A_module_has_one_DbContext() => Rule.Holds(Codebase.Real.Modules, Contexts);

    [Fact]
    public void A_second_DbContext_is_caught() => Rule.Catches(Codebase.Bad.Modules, Contexts, "Bad has 2 DbContexts");

    [Fact]
    public void A_modules_model_stays_in_its_schema() => Rule.Holds(Modules(Codebase.Real), Model);

    [Fact]
    public void A_model_that_maps_another_modules_table_is_caught() =>
        Rule.Catches(
            Modules(Codebase.Bad),
            Model,
            "BadDbContext maps groups.members",
            "BadDbContext maps the function groups.of_person",
            "BadDbContext maps the sequence groups.numbers",
            "BadDbContext maps the view groups.everybody",
            "BadDbContext maps a query: select * from users.accounts"
        );

    [Fact]
    public void No_SQL_text_names_another_modules_schema() => Rule.Holds(Strings(Codebase.Real), ForeignSql);

    [Fact]
    public void SQL_that_joins_another_modules_table_is_caught() =>
        Rule.Catches(
            Strings(Codebase.Bad),
            ForeignSql,
            "Practice.Bad has SQL on groups: select * from bad.things join groups.members on true",
            "Practice.Bad has SQL on groups: select count(*)::int as \"Value\" from groups.members",
            "Practice.Bad has SQL on users: select * from users.accounts"
        );

    /// <summary>
    /// Where a statement is run, any mention of another schema, another role or a search path counts.
    /// </summary>
    [Fact]
    public void No_statement_that_is_run_names_another_schema_or_role() =>
        Rule.Holds(Statements(Codebase.Real), Strays);

    [Fact]
    public void A_statement_that_strays_is_caught_however_it_is_put_together() =>
        Rule.Catches(
            Statements(Codebase.Bad).Distinct(),
            Strays,
            "Practice.Bad runs: select * from users.accounts",
            "Practice.Bad runs: select 1 as \"Value\" from things, groups.members",
            "Practice.Bad runs: select count(*)::int as \"Value\" from groups.members",
            "Practice.Bad runs: select groups.of_person({0}) as \"Value\"",
            "Practice.Bad runs: select id from \"users\" . \"accounts\" where id = {0}",
            "Practice.Bad runs: set local role practice_groups",
            "Practice.Bad runs: set local search_path to groups"
        );

    /// <summary>Each migration is created, and its operations are read.</summary>
    [Fact]
    public void A_modules_migrations_stay_in_its_schema() => Rule.Holds(Operations(Codebase.Real), Wanders);

    [Fact]
    public void A_migration_that_changes_another_schema_is_caught() =>
        Rule.Catches(
            Operations(Codebase.Bad),
            Wanders,
            "BadMigration: AddColumnOperation in groups",
            "BadMigration: AddForeignKeyOperation in groups",
            "BadMigration: alter table groups.memberships disable row level security",
            "BadMigration: create function bad.all_of_it() returns bigint language sql security definer as 'select 1'",
            "BadMigration: grant select on bad.things to practice_users"
        );

    /// <summary>
    /// It stands in the files of the functions, and in the migrations that made them before there were such files.
    /// </summary>
    [Fact]
    public void Nothing_but_the_authorization_functions_sets_what_row_level_security_compares_with() =>
        Rule.Holds(SourceFiles(Codebase.Real), SetsInSource);

    [Fact]
    public void Setting_it_by_hand_is_caught() =>
        Rule.Catches(SourceFiles(Codebase.Bad), SetsInSource, "Walls.cs sets what row-level security compares with");

    /// <summary>
    /// The compiler puts constants together, so that what is split in the source is whole in the code.
    /// </summary>
    [Fact]
    public void Nor_does_any_text_of_a_module_or_of_what_they_share() =>
        Rule.Holds(Strings(Codebase.Real).Concat(SharedStrings), SetsInText);

    [Fact]
    public void A_text_that_sets_it_is_caught_though_its_source_is_in_pieces() =>
        Rule.Catches(
            Strings(Codebase.Bad),
            SetsInText,
            "Practice.Bad sets what row-level security compares with: select set_config('app.group_id', '",
            "Practice.Bad sets what row-level security compares with: select set_config('app.user_id', $1, true)"
        );

    [Fact]
    public async Task No_foreign_key_crosses_schemas()
    {
        var app = await TestApp.StartedAsync();
        Assert.NotEqual(0L, await app.Owner.Scalar<long>("select count(*) from pg_constraint where contype = 'f'"));
        Rule.None(await CrossingForeignKeys(app.Owner));
    }

    [Fact]
    public async Task A_foreign_key_that_crosses_schemas_is_caught()
    {
        var database = await BadDatabase.Started;
        Assert.Equal(["locations.bad → groups.groups"], await CrossingForeignKeys(database.Owner));
    }

    [Fact]
    public async Task Each_modules_migrations_history_lies_in_its_schema()
    {
        var app = await TestApp.StartedAsync();
        Assert.Equal(
            Schemas(Codebase.Real).Append("authority").Order(StringComparer.Ordinal),
            (
                await app.Owner.Rows(
                    "select schemaname from pg_tables where tablename = $1 order by schemaname collate \"C\"",
                    HistoryRepository.DefaultTableName
                )
            ).Select(row => (string)row[0]!)
        );
    }

    [Fact]
    public async Task No_module_has_tables_that_its_model_does_not_know()
    {
        var app = await TestApp.StartedAsync();
        foreach (var module in Modules(Codebase.Real))
        {
            await using var context = ContextOf(module);
            var known = context
                .Model.GetEntityTypes()
                .Where(entity => entity.GetSchema() == module.Schema)
                .Select(entity => entity.GetTableName()!)
                .Concat(OfTheReleaseBefore.GetValueOrDefault(module.Schema, []));
            var there = await app.Owner.Rows(
                "select tablename from pg_tables where schemaname = $1 and tablename <> $2",
                module.Schema,
                HistoryRepository.DefaultTableName
            );
            Assert.Equal(
                known.Distinct().Order(StringComparer.Ordinal),
                there.Select(row => (string)row[0]!).Order(StringComparer.Ordinal)
            );
        }
    }

    /// <summary>Tables that only hosts of the release before use, which may run beside this one.</summary>
    private static readonly Dictionary<string, string[]> OfTheReleaseBefore = new()
    {
        ["users"] = ["sign_in_attempts"],
    };

    internal static IEnumerable<string> Schemas(Codebase code) => Modules(code).Select(module => module.Schema);

    internal static IEnumerable<IModule> Modules(Codebase code) =>
        from module in code.Modules
        from type in module.Own.Types
        where type.IsAssignableTo(typeof(IModule))
        select (IModule)Activator.CreateInstance(type, nonPublic: true)!;

    /// <summary>The module's context as the owner migrates with it; the model needs no database.</summary>
    private static ModuleDbContext ContextOf(IModule module) =>
        module.ContextForMigrations(options => options.UseNpgsql("Host=unused").UseSnakeCaseNamingConvention());

    private static IEnumerable<string> Contexts(Module module)
    {
        var contexts = module.Own.Types.Count(type => type.IsAssignableTo(typeof(DbContext)));
        if (contexts != 1)
            yield return $"{module} has {contexts} DbContexts";
    }

    private static IEnumerable<string> Model(IModule module)
    {
        using var context = ContextOf(module);
        foreach (var entity in context.GetService<IDesignTimeModel>().Model.GetEntityTypes())
        {
            if (entity.GetViewName() is { } view)
                yield return $"{context.GetType().Name} maps the view {entity.GetViewSchema()}.{view}";
            if (entity.GetSqlQuery() is { } query)
                yield return $"{context.GetType().Name} maps a query: {query}";
            if (entity.GetTableName() is null)
                continue;
            var table = $"{entity.GetSchema()}.{entity.GetTableName()}";
            if (
                SharedTables.Contains(table)
                    ? !entity.IsTableExcludedFromMigrations()
                    : entity.GetSchema() != module.Schema
            )
                yield return $"{context.GetType().Name} maps {table}";
        }

        foreach (
            var function in context
                .Model.GetDbFunctions()
                .Where(function =>
                    !(
                        function.Schema == module.Schema
                        || (function.Schema, function.Name)
                            is
                                ("authority", "current_user_id" or "works_at_one_of")
                                or
                                ("search", "fold")
                    )
                )
        )
            yield return $"{context.GetType().Name} maps the function {function.Schema}.{function.Name}";
        foreach (var sequence in context.Model.GetSequences().Where(sequence => sequence.Schema != module.Schema))
            yield return $"{context.GetType().Name} maps the sequence {sequence.Schema}.{sequence.Name}";
    }

    private static IEnumerable<(string Project, string Text)> Strings(Codebase code) =>
        from module in code.Modules
        from written in Mentions.Texts(module.Own.Il)
        select (module.Own.Name, written.Text);

    /// <summary>Of all that modules share, but for the migrations that make the functions.</summary>
    private static IEnumerable<(string Project, string Text)> SharedStrings =>
        from assembly in Rule09_Slices.Shared
        from written in Mentions.Texts(assembly)
        where written.User.Namespace != "Practice.Shared.Persistence.Platform"
        select (assembly.Name.Name, written.Text);

    private static IEnumerable<string> ForeignSql((string Project, string Text) written) =>
        from Match match in SqlOnSchema().Matches(written.Text)
        let schema = match.Groups["schema"].Value
        where
            Schemas(Codebase.Real).Contains(schema)
            && !Modules(Codebase.Real)
                .Any(owner => owner.Schema == schema && owner.GetType().Assembly.GetName().Name == written.Project)
        select $"{written.Project} has SQL on {schema}: {written.Text}";

    /// <summary>The module schemas that SQL in a text works on.</summary>
    internal static IEnumerable<string> SchemasNamedIn(string text) =>
        SqlOnSchema()
            .Matches(text)
            .Select(match => match.Groups["schema"].Value)
            .Where(Schemas(Codebase.Real).Contains)
            .Distinct();

    /// <summary>The texts of every method that runs SQL or creates a statement.</summary>
    private static IEnumerable<(Module Module, string Text)> Statements(Codebase code) =>
        from module in code.Modules
        from type in module.Own.Il.MainModule.GetAllTypes()
        from method in type.Methods
        where
            method.HasBody
            && method.Body.Instructions.Any(instruction =>
                instruction.Operand is Mono.Cecil.MethodReference called
                && RunsSql().IsMatch($"{called.DeclaringType.Name}::{called.Name}")
            )
        from instruction in method.Body.Instructions
        where instruction.OpCode == OpCodes.Ldstr
        select (module, (string)instruction.Operand);

    private static IEnumerable<string> Strays((Module Module, string Text) statement)
    {
        if (StraysFrom(SchemaOf(statement.Module), statement.Text))
            yield return $"{statement.Module.Own.Name} runs: {statement.Text}";
    }

    private static bool StraysFrom(string own, string sql) =>
        AnotherRole().IsMatch(sql)
        || Schemas(Codebase.Real)
            .Where(schema => schema != own)
            .Any(schema =>
                Regex.IsMatch(sql, $"""(?<![\w.'])"?{schema}"?\s*\.\s*"?[a-z_*]""", RegexOptions.IgnoreCase)
            );

    private static string SchemaOf(Module module) =>
        Modules(Codebase.Real)
            .Concat(Modules(Codebase.Bad))
            .Single(one => one.GetType().Assembly == module.Own.Assembly)
            .Schema;

    private static IEnumerable<(string Schema, string Migration, MigrationOperation Operation)> Operations(
        Codebase code
    )
    {
        foreach (var module in Modules(code))
        {
            using var context = ContextOf(module);
            var migrations = context.GetService<IMigrationsAssembly>();
            foreach (var type in migrations.Migrations.Values)
            {
                foreach (var operation in migrations.CreateMigration(type, context.Database.ProviderName!).UpOperations)
                    yield return (module.Schema, type.Name, operation);
            }
        }
    }

    private static IEnumerable<string> Wanders((string Schema, string Migration, MigrationOperation Operation) made)
    {
        if (made.Operation is SqlOperation sql)
        {
            if (StraysFrom(made.Schema, sql.Sql) || BeyondASchema().IsMatch(sql.Sql))
                yield return $"{made.Migration}: {sql.Sql}";
            yield break;
        }

        IEnumerable<MigrationOperation> parts = made.Operation is CreateTableOperation table
            ? [table, .. table.Columns, .. table.ForeignKeys]
            : [made.Operation];
        foreach (var part in parts)
        {
            foreach (
                var schema in part.GetType()
                    .GetProperties()
                    .Where(property => property.Name is "Schema" or "PrincipalSchema" or "NewSchema")
                    .Select(property => (string?)property.GetValue(part))
                    .Append(part is EnsureSchemaOperation ensured ? ensured.Name : null)
                    .Where(schema => schema is not null && schema != made.Schema)
                    .Distinct()
            )
            {
                yield return $"{made.Migration}: {part.GetType().Name} in {schema}";
            }
        }
    }

    private static IEnumerable<string> SourceFiles(Codebase code) =>
        Directory
            .EnumerateFiles(Path.Combine(code.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(file =>
                Path.GetExtension(file) is ".cs" or ".sql" or ".razor" or ".json"
                && !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin")
            );

    private static IEnumerable<string> SetsInSource(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var isAuthorization =
            folder.EndsWith(Path.Combine("Practice.Shared", "Persistence", "Platform"), StringComparison.Ordinal)
            || folder.EndsWith(Path.Combine("Practice.Authorization", "Sql"), StringComparison.Ordinal);
        if (!isAuthorization && SettingChanged().IsMatch(File.ReadAllText(file)))
            yield return $"{Path.GetFileName(file)} sets what row-level security compares with";
    }

    private static IEnumerable<string> SetsInText((string Project, string Text) written)
    {
        if (SettingChanged().IsMatch(written.Text))
            yield return $"{written.Project} sets what row-level security compares with: {written.Text}";
    }

    private static async Task<IEnumerable<string>> CrossingForeignKeys(Sql owner) =>
        (
            await owner.Rows(
                """
                select format('%I.%I → %I.%I', from_schema.nspname, from_table.relname, to_schema.nspname,
                    to_table.relname)
                from pg_constraint
                join pg_class from_table on from_table.oid = conrelid join pg_namespace from_schema on
                    from_schema.oid = from_table.relnamespace
                join pg_class to_table on to_table.oid = confrelid join pg_namespace to_schema on to_schema.oid =
                    to_table.relnamespace
                where contype = 'f' and from_schema.oid <> to_schema.oid
                """
            )
        ).Select(row => (string)row[0]!);

    [GeneratedRegex(
        """\b(from|join|into|update|table|truncate|references)\s+(only\s+)?"?(?<schema>[a-z_]+)"?\."?[a-z_]""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex SqlOnSchema();

    /// <summary>Whatever runs SQL, and what makes an interpolated statement of a text.</summary>
    [GeneratedRegex(
        "::(FromSql|SqlQuery|ExecuteSql|ToSqlQuery|Has(ComputedColumn|DefaultValue)Sql|HasCheckConstraint|HasFilter"
            + @"|ToView|ToFunction)\w*$|FormattableStringFactory::Create$"
    )]
    private static partial Regex RunsSql();

    [GeneratedRegex(
        @"\bsearch_path\b|\breset\s+role\b"
            + @"|\bset\s+(local\s+|session\s+)?(role|session\s+authorization|row_security|session_replication_role)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex AnotherRole();

    /// <summary>
    /// What no module's migration may do: grant rights, define what runs with its owner's rights, or touch schemas of
    /// no module.
    /// </summary>
    [GeneratedRegex(
        @"\b(grant|revoke)\b|\bsecurity\s+definer\b|\b(create|alter|drop)\s+(role|user|database|schema|extension)\b"
            + @"|\bowner\s+to\b|\b(authority|audit|idempotency|messaging|public)\s*\.\s*\w",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex BeyondASchema();

    [GeneratedRegex("""\bset_config\s*\(|\bset\s+(local\s+|session\s+)?"?app"?\s*\.""", RegexOptions.IgnoreCase)]
    private static partial Regex SettingChanged();
}
