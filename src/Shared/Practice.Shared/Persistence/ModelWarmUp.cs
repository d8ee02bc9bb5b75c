using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Practice.Shared.Audit;

namespace Practice.Shared.Persistence;

/// <summary>
/// Builds the modules' models beside the rest of the start, and puts a query of each together. The host takes no
/// connection before that is done: no call waits for either. One after the other, so that one processor is left to
/// the start itself.
/// </summary>
internal sealed class ModelWarmUp(IReadOnlyList<IModule> modules, IServiceScopeFactory scopes) : IHostedLifecycleService
{
    private Task _built = Task.CompletedTask;

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken)
    {
        _built = Task.Run(() => BuildAsync(cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => _built;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task BuildAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var module in modules)
        {
            ct.ThrowIfCancellationRequested();
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
