using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Practice.Shared.Audit;

namespace Practice.Shared.Persistence;

/// <summary>
/// Builds the modules' models beside the rest of the start, and puts a query of each together: no call waits for
/// either. One after the other, so that one processor is left to the start itself and to the first calls.
/// </summary>
internal sealed class ModelWarmUp(IReadOnlyList<IModule> modules, IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var module in modules)
        {
            if (stoppingToken.IsCancellationRequested)
                return;
            var db = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.ContextType);
            _ = db.Set<AuditEntry>()
                .Where(entry => entry.SubjectId == Guid.Empty)
                .OrderBy(entry => entry.Id)
                .Select(entry => new { entry.Act, entry.At })
                .Take(1)
                .ToQueryString();
        }
    }
}
