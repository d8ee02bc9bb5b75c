using Microsoft.EntityFrameworkCore;
using Practice.Messages;
using Practice.Shared.Audit;
using Wolverine;
using Wolverine.EntityFrameworkCore;
using Wolverine.EntityFrameworkCore.Internals;

namespace Practice.Shared.Persistence;

/// <summary>
/// A module's one door to its own schema. Beside the module's entities it maps what is written in the same transaction,
/// and in the same batch: audit entries and Wolverine's envelopes. Those tables belong to no module.
/// </summary>
public abstract class ModuleDbContext : DbContext, IAuthorizedContext
{
    private CallContext? _call;

    protected ModuleDbContext(DbContextOptions options)
        : base(options)
    {
        // What is saved is authorized in its transaction.
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        // A save that fails ends the unit of work, so that there is nothing to go back to.
        Database.AutoSavepointsEnabled = false;
    }

    /// <summary>The module's schema; also the end of its database role's name.</summary>
    public abstract string Schema { get; }

    /// <summary>On whose behalf this context reads and writes.</summary>
    public CallContext Call =>
        _call
        ?? throw new InvalidOperationException("This context has no caller: take it from the request's services.");

    /// <summary>
    /// The signed-in person, inside a query: what the database itself found as it authorized the caller.
    /// </summary>
    public static Guid? CurrentUserId() => throw new InvalidOperationException("Only for use in queries.");

    /// <summary>
    /// Inside a query: whether the caller works at one of these locations, or is not restricted to their own.
    /// </summary>
    public static bool WorksAtOneOf(List<Guid> locationIds) =>
        throw new InvalidOperationException("Only for use in queries.");

    /// <summary>
    /// Inside a query: the text as it is compared, without case, accents, apostrophes and hyphens (docs/adr/0023).
    /// </summary>
    public static string Fold(string text) => throw new InvalidOperationException("Only for use in queries.");

    /// <summary>
    /// Acts for the caller whose authorization request the message carries; without one, as the system in what the
    /// message names.
    /// </summary>
    public void ActFor(Envelope envelope)
    {
        var request = AuthorizationRequest.ReadFrom(envelope.Headers);
        var message = request is null ? envelope.Message : null;
        Call.ActFor(
            request,
            (message as IInGroup)?.GroupId,
            (message as IInAccount)?.AccountId,
            (message as IForPerson)?.UserId
        );
    }

    /// <summary>Gives a context of the pool to a call.</summary>
    internal void HandTo(CallContext call) => _call = call;

    /// <summary>Goes back to the pool, and belongs to nobody.</summary>
    public override void Dispose()
    {
        _call = null;
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    public override async ValueTask DisposeAsync()
    {
        _call = null;
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(GetType().Assembly);
        modelBuilder.ApplyConfiguration(new AuditEntryConfiguration());
        MapEnvelopes(modelBuilder);
        modelBuilder
            .HasDbFunction(typeof(ModuleDbContext).GetMethod(nameof(CurrentUserId))!)
            .HasSchema("authority")
            .HasName("current_user_id");
        modelBuilder
            .HasDbFunction(typeof(ModuleDbContext).GetMethod(nameof(WorksAtOneOf))!)
            .HasSchema("authority")
            .HasName("works_at_one_of");
        modelBuilder
            .HasDbFunction(typeof(ModuleDbContext).GetMethod(nameof(Fold))!)
            .HasSchema("search")
            .HasName("fold");
    }

    /// <summary>
    /// Wolverine's own mapping of its own tables. The status is a concurrency token: marking a message that was handled
    /// already fails and rolls back.
    /// </summary>
    private static void MapEnvelopes(ModelBuilder modelBuilder)
    {
        modelBuilder.MapWolverineEnvelopeStorage(PracticeDatabase.MessagingSchema);
        modelBuilder.Entity<IncomingMessage>(message =>
        {
            message.Metadata.SetIsTableExcludedFromMigrations(true);
            message.Property(m => m.Status).IsConcurrencyToken();
        });
        modelBuilder.Entity<OutgoingMessage>().Metadata.SetIsTableExcludedFromMigrations(true);
    }
}
