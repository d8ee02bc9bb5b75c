using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Shared;

/// <summary>
/// What a module tells the host. The host finds it by this type alone; there is no list to add it to.
/// </summary>
public interface IModule
{
    /// <summary>The module's own database schema; its role is named after it.</summary>
    string Schema { get; }

    /// <summary>
    /// The functions of the schema <c>authority</c> that only some modules' roles may call, this one among them.
    /// </summary>
    IReadOnlyList<string> AuthorityFunctions { get; }

    /// <summary>Whether the module reads the audit log. Every module writes it.</summary>
    bool ReadsAudit { get; }

    /// <summary>
    /// The table of who opened what, if the module has one: by <c>id</c>, a UUID of version 7, and <c>at</c>. The
    /// operator removes old entries.
    /// </summary>
    string? AccessLogTable { get; }

    /// <summary>
    /// Registers what only this module needs; slices, validators and the DbContext are found without it.
    /// </summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>The type of the module's one DbContext.</summary>
    Type ContextType { get; }

    /// <summary>The module's DbContext for migrating, connected as the owner.</summary>
    ModuleDbContext ContextForMigrations(Action<DbContextOptionsBuilder> configure);

    /// <summary>Registers the module's DbContext, connected as the module's role.</summary>
    void AddDbContext(IServiceCollection services);
}

/// <summary>A module with its DbContext.</summary>
/// <typeparam name="TContext">The module's one DbContext; made with its options.</typeparam>
public abstract class Module<TContext> : IModule, IDesignTimeDbContextFactory<TContext>
    where TContext : ModuleDbContext
{
    public abstract string Schema { get; }

    public virtual IReadOnlyList<string> AuthorityFunctions => [];

    public virtual bool ReadsAudit => false;

    public virtual string? AccessLogTable => null;

    public Type ContextType => typeof(TContext);

    public virtual void AddServices(IServiceCollection services, IConfiguration configuration) { }

    public ModuleDbContext ContextForMigrations(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<TContext>();
        configure(options);
        return (TContext)Activator.CreateInstance(typeof(TContext), options.Options)!;
    }

    /// <summary>For <c>dotnet ef migrations add</c>, which needs the model and no database.</summary>
    TContext IDesignTimeDbContextFactory<TContext>.CreateDbContext(string[] args) =>
        (TContext)ContextForMigrations(options =>
            DatabaseSetup.UsePostgres(options, NpgsqlDataSource.Create("Host=unused"), Schema)
        );

    public void AddDbContext(IServiceCollection services) => services.AddModuleDbContext<TContext>(Schema);
}
