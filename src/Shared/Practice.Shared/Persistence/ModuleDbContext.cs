using ErrorOr;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Audit;
using Practice.Shared.Authority;
using Practice.Shared.Messaging;

namespace Practice.Shared.Persistence;

/// <summary>
/// A module's one door to its own schema. Beside the module's entities it maps what is written in the same transaction as
/// they are, and in the same batch: audit entries and Wolverine's envelopes. Those tables belong to no module.
/// </summary>
public abstract class ModuleDbContext(DbContextOptions options, CallContext call) : DbContext(options)
{
    /// <summary>The module's schema; also the end of its database role's name.</summary>
    public abstract string Schema { get; }

    /// <summary>On whose behalf this context reads and writes.</summary>
    public CallContext Call { get; } = call;

    /// <summary>The signed-in person, inside a query: what the database itself found as the caller entered.</summary>
    public static Guid? CurrentUserId() => throw new InvalidOperationException("Only for use in queries.");

    /// <summary>Lets the caller in where a slice reads nothing, or refuses before it reads: 401, 403 and 404 come before 400.</summary>
    public Task AdmitAsync(CancellationToken ct) => Database.SqlQuery<int>($"select 1 as \"Value\"").ToListAsync(ct);

    /// <summary>Refuses wrong input of a read, once the caller is let in.</summary>
    public async Task<IResult> RefuseAsync(List<Error> wrong, CancellationToken ct)
    {
        await AdmitAsync(ct);
        return Problems.ToProblem(wrong);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(GetType().Assembly);
        modelBuilder.ApplyConfiguration(new AuditEntryConfiguration());
        modelBuilder.ApplyConfiguration(new IncomingEnvelopeRowConfiguration());
        modelBuilder.ApplyConfiguration(new OutgoingEnvelopeRowConfiguration());
        modelBuilder
            .HasDbFunction(typeof(ModuleDbContext).GetMethod(nameof(CurrentUserId))!)
            .HasSchema("authority")
            .HasName("current_user_id");
    }
}
