using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Practice.Shared.Persistence;

internal static class ModuleDbContextRegistration
{
    private static readonly IInterceptor[] RowSecurity = [new RowSecurityInterceptor(), new RowSecurityTransactions()];

    /// <summary>Nobody waits for a message: a command of it may take longer than one of a call.</summary>
    private static readonly TimeSpan OfAMessage = TimeSpan.FromMinutes(1);

    public static void AddModuleDbContext<TContext>(this IServiceCollection services, string schema)
        where TContext : ModuleDbContext
    {
        // To make a context costs more than to ask the database with it.
        services.AddPooledDbContextFactory<TContext>(
            (provider, options) =>
                options
                    // A list is one array parameter, so that a query's text doesn't depend on how long the list is.
                    .UseNpgsql(provider.GetRequiredService<PracticeDatabase>().For(schema), npgsql =>
                        npgsql.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter)
                    )
                    .UseSnakeCaseNamingConvention()
                    .AddInterceptors(RowSecurity)
                    // A caller who is not authorized is an answer, not a fault; real faults are logged where they
                    // surface.
                    .ConfigureWarnings(warnings =>
                        warnings.Ignore(
                            CoreEventId.QueryIterationFailed,
                            CoreEventId.SaveChangesFailed,
                            RelationalEventId.CommandError,
                            RelationalEventId.ConnectionError,
                            RelationalEventId.TransactionError
                        )
                    )
        );
        services.AddScoped(provider => new DirectReads<TContext>(
            provider.GetRequiredService<PracticeDatabase>().For(schema),
            provider.GetRequiredService<CallContext>()
        ));
        services.AddScoped(provider =>
        {
            var db = provider.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContext();
            var call = provider.GetRequiredService<CallContext>();
            db.HandTo(call);
            if (!call.IsAnswering)
                db.Database.SetCommandTimeout(OfAMessage);
            return db;
        });
    }
}
