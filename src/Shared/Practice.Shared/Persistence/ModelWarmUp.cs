using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Practice.Shared.Audit;

namespace Practice.Shared.Persistence;

/// <summary>
/// Builds a context's model beside the rest of the start, and puts one query together: no call waits for either.
/// </summary>
internal sealed class ModelWarmUp<TContext>(IServiceScopeFactory scopes) : BackgroundService
    where TContext : ModuleDbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        _ = db.Set<AuditEntry>()
            .Where(entry => entry.SubjectId == Guid.Empty)
            .OrderBy(entry => entry.Id)
            .Select(entry => new { entry.Act, entry.At })
            .Take(1)
            .ToQueryString();
    }
}
