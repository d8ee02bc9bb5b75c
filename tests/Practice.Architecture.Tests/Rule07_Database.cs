using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Mono.Cecil.Cil;
using Practice.Shared;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>
/// 7. One DbContext a module; its model stays in its schema, migrations history too; no foreign key crosses schemas; no SQL text
/// names another module's schema; a group is entered nowhere but in <c>authority.enter</c>.
/// </summary>
public sealed partial class Rule07_Database
{
    /// <summary>
    /// What every module's context maps besides its own, to be written in the same transaction and batch (docs/adr/0002). They belong
    /// to no module, no module migrates them.
    /// </summary>
    private static readonly string[] SharedTables =
        ["audit.entries", "messaging.wolverine_incoming_envelopes", "messaging.wolverine_outgoing_envelopes"];

    [Fact]
    public void A_module_has_one_DbContext() => Rule.Holds(Codebase.Real.Modules, Contexts);

    [Fact]
    public void A_second_DbContext_is_caught() => Rule.Catches(Codebase.Bad.Modules, Contexts, "Bad has 2 DbContexts");

    [Fact]
    public void A_modules_model_stays_in_its_schema() => Rule.Holds(Modules(Codebase.Real), Model);

    [Fact]
    public void A_model_that_maps_another_modules_table_is_caught() => Rule.Catches(Modules(Codebase.Bad), Model,
        "BadDbContext maps groups.members");

    [Fact]
    public void No_SQL_text_names_another_modules_schema() => Rule.Holds(Strings(Codebase.Real), ForeignSql);

    [Fact]
    public void SQL_that_joins_another_modules_table_is_caught() => Rule.Catches(Strings(Codebase.Bad), ForeignSql,
        "Practice.Bad has SQL on groups: select * from bad.things join groups.members on true");

    [Fact]
    public void A_group_is_entered_nowhere_but_in_the_platforms_migration() => Rule.Holds(SourceFiles(Codebase.Real), Entering);

    [Fact]
    public void Entering_a_group_by_hand_is_caught() => Rule.Catches(SourceFiles(Codebase.Bad), Entering, "Walls.cs sets what row-level security compares with");

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
            (await app.Owner.Rows("select schemaname from pg_tables where tablename = $1 order by schemaname collate \"C\"", HistoryRepository.DefaultTableName))
                .Select(row => (string)row[0]!));
    }

    [Fact]
    public async Task No_module_has_tables_that_its_model_does_not_know()
    {
        var app = await TestApp.StartedAsync();
        foreach (var module in Modules(Codebase.Real))
        {
            await using var context = ContextOf(module);
            var known = context.Model.GetEntityTypes().Where(entity => entity.GetSchema() == module.Schema).Select(entity => entity.GetTableName()!);
            var there = await app.Owner.Rows("select tablename from pg_tables where schemaname = $1 and tablename <> $2", module.Schema, HistoryRepository.DefaultTableName);
            Assert.Equal(known.Distinct().Order(StringComparer.Ordinal), there.Select(row => (string)row[0]!).Order(StringComparer.Ordinal));
        }
    }

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
            var table = $"{entity.GetSchema()}.{entity.GetTableName()}";
            if (SharedTables.Contains(table) ? !entity.IsTableExcludedFromMigrations() : entity.GetSchema() != module.Schema)
                yield return $"{context.GetType().Name} maps {table}";
        }
    }

    private static IEnumerable<(Module Module, string Text)> Strings(Codebase code) =>
        from module in code.Modules
        from type in module.Own.Il.MainModule.GetTypes()
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.OpCode == OpCodes.Ldstr
        select (module, (string)instruction.Operand);

    private static IEnumerable<string> ForeignSql((Module Module, string Text) written) =>
        from Match match in SqlOnSchema().Matches(written.Text)
        let schema = match.Groups["schema"].Value
        where Schemas(Codebase.Real).Contains(schema) && !Modules(Codebase.Real).Any(owner => owner.Schema == schema && owner.GetType().Assembly == written.Module.Own.Assembly)
        select $"{written.Module.Own.Name} has SQL on {schema}: {written.Text}";

    private static IEnumerable<string> SourceFiles(Codebase code) => Directory.EnumerateFiles(Path.Combine(code.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"));

    private static IEnumerable<string> Entering(string file)
    {
        var isThePlatforms = Path.GetDirectoryName(file)!.EndsWith(Path.Combine("Practice.Shared", "Persistence", "Platform"), StringComparison.Ordinal);
        if (!isThePlatforms && SettingChanged().IsMatch(File.ReadAllText(file)))
            yield return $"{Path.GetFileName(file)} sets what row-level security compares with";
    }

    private static async Task<IEnumerable<string>> CrossingForeignKeys(Sql owner) =>
        (await owner.Rows("""
            select format('%I.%I → %I.%I', from_schema.nspname, from_table.relname, to_schema.nspname, to_table.relname)
            from pg_constraint
            join pg_class from_table on from_table.oid = conrelid join pg_namespace from_schema on from_schema.oid = from_table.relnamespace
            join pg_class to_table on to_table.oid = confrelid join pg_namespace to_schema on to_schema.oid = to_table.relnamespace
            where contype = 'f' and from_schema.oid <> to_schema.oid
            """)).Select(row => (string)row[0]!);

    [GeneratedRegex("""\b(from|join|into|update|table|truncate|references)\s+(only\s+)?"?(?<schema>[a-z_]+)"?\."?[a-z_]""", RegexOptions.IgnoreCase)]
    private static partial Regex SqlOnSchema();

    [GeneratedRegex("""\bset_config\s*\(|\bset\s+(local\s+|session\s+)?app\.""", RegexOptions.IgnoreCase)]
    private static partial Regex SettingChanged();
}
