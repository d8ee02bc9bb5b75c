using Npgsql;

namespace Practice.Shared.Persistence;

/// <inheritdoc/>
/// <typeparam name="TContext">Of the module whose schema it reads.</typeparam>
public sealed class DirectReads<TContext>(NpgsqlDataSource source, CallContext call) : DirectReads(source, call)
    where TContext : ModuleDbContext;
