using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Practice.Shared.Persistence;

/// <summary>Builds a context's model beside the rest of the start, so that no call waits for it.</summary>
internal sealed class ModelWarmUp<TContext>(IServiceScopeFactory scopes) : BackgroundService
    where TContext : ModuleDbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        _ = scope.ServiceProvider.GetRequiredService<TContext>().Model;
    }
}
