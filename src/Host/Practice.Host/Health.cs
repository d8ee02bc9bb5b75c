using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Practice.Shared.Persistence;

namespace Practice.Host;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so does the database, with every migration applied.</summary>
internal static class Health
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseReady>();
        services.AddHealthChecks().AddCheck<DatabaseReady>("database", timeout: Limit);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write })
            .AllowAnonymous()
            .DisableRateLimiting();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Write })
            .AllowAnonymous()
            .DisableRateLimiting();
    }

    private static Task Write(HttpContext http, HealthReport report) =>
        report.Status == HealthStatus.Healthy
            ? http.Response.WriteAsJsonAsync(new { status = "healthy" })
            : WebSurface.ProblemOf(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);

    private sealed class DatabaseReady(PracticeDatabase database) : IHealthCheck
    {
        /// <summary>Migrations never go away again, so they are asked about until all are there.</summary>
        private volatile bool _migrated;

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                await using var ask = database.For(PracticeDatabase.MessagingSchema).CreateCommand("select 1");
                await ask.ExecuteScalarAsync(cancellationToken);
                if (
                    !_migrated
                    && (await PracticeHost.Setup(database).PendingAsync(cancellationToken)) is { Count: > 0 } pending
                )
                    return HealthCheckResult.Unhealthy($"Pending migrations: {string.Join(", ", pending)}");
                _migrated = true;
                return HealthCheckResult.Healthy();
            }
            catch (Exception away)
                when (away is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy(away.Message);
            }
        }
    }
}
