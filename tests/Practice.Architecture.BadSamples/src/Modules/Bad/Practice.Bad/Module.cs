using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Authorization;
using Practice.Shared;
using Practice.Shared.Persistence;

namespace Practice.Bad;

internal sealed class BadModule : Module<BadDbContext>
{
    public override string Schema => "bad";
}

/// <summary>Rule 7: maps a table of another module's schema.</summary>
public sealed class BadDbContext(DbContextOptions<BadDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "bad";

    public DbSet<BadThing> Things => Set<BadThing>();

    public static Guid OfPerson(Guid person) => throw new InvalidOperationException("Only for use in queries.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<BadThing>().ToTable("members", "groups");
        modelBuilder.Entity<BadView>().HasNoKey().ToView("everybody", "groups");
        modelBuilder.Entity<BadQuery>().HasNoKey().ToSqlQuery("select * from users.accounts");
        modelBuilder.HasSequence("numbers", "groups");
        modelBuilder
            .HasDbFunction(typeof(BadDbContext).GetMethod(nameof(OfPerson))!)
            .HasSchema("groups")
            .HasName("of_person");
    }
}

/// <summary>Rule 7: a second DbContext in one module.</summary>
public sealed class BadSecondDbContext(DbContextOptions<BadSecondDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "bad";
}

public sealed class BadThing
{
    public Guid Id { get; init; }
}

/// <summary>Rule 7: another module's view, and a query on another's table.</summary>
internal sealed class BadView
{
    public Guid Id { get; init; }
}

internal sealed class BadQuery
{
    public Guid Id { get; init; }
}

/// <summary>Rule 7: a migration that changes what is another module's, and rights.</summary>
[DbContext(typeof(BadDbContext))]
[Migration("20261125000000_Bad")]
internal sealed class BadMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var other = "groups";
        migrationBuilder.AddColumn<Guid>("bad_id", "memberships", schema: other);
        migrationBuilder.AddForeignKey(
            "fk_bad",
            "things",
            "group_id",
            other,
            schema: "bad",
            principalSchema: other,
            principalColumn: "id"
        );
        migrationBuilder.Sql($"alter table {other}.memberships disable row level security");
        migrationBuilder.Sql(
            "create function bad.all_of_it() returns bigint language sql security definer as 'select 1'"
        );
        migrationBuilder.Sql("grant select on bad.things to practice_users");
    }
}
