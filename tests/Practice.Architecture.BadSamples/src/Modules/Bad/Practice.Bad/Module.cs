using Microsoft.EntityFrameworkCore;
using Practice.Shared;
using Practice.Shared.Authority;
using Practice.Shared.Persistence;

namespace Practice.Bad;

internal sealed class BadModule : Module<BadDbContext>
{
    public override string Schema => "bad";
}

/// <summary>Rule 7: maps a table of another module's schema.</summary>
public sealed class BadDbContext(DbContextOptions<BadDbContext> options, CallContext call) : ModuleDbContext(options, call)
{
    public override string Schema => "bad";

    public DbSet<BadThing> Things => Set<BadThing>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<BadThing>().ToTable("members", "groups");
    }
}

/// <summary>Rule 7: a second DbContext in one module.</summary>
public sealed class BadSecondDbContext(DbContextOptions<BadSecondDbContext> options, CallContext call) : ModuleDbContext(options, call)
{
    public override string Schema => "bad";
}

public sealed class BadThing
{
    public Guid Id { get; init; }
}
