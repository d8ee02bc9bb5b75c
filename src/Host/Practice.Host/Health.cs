using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Practice.Shared.Persistence;

namespace Practice.Host;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database answers too and has all migrations.
/// </summary>
internal static class Health
{
    public const string ReadyPath = "/health/ready";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<DatabaseHealthCheck>();
        // ASP.NET Core logs each probe that finds it unhealthy as an error, and degraded as a warning.
        services
            .AddHealthChecks()
            .AddCheck<DatabaseHealthCheck>("database", failureStatus: HealthStatus.Degraded, timeout: Limit);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write })
            .AllowAnonymous()
            .DisableRateLimiting();
        app.MapHealthChecks(ReadyPath, new HealthCheckOptions { ResponseWriter = Write })
            .AllowAnonymous()
            .DisableRateLimiting();
    }

    private static Task Write(HttpContext http, HealthReport report) =>
        report.Status == HealthStatus.Healthy
            ? http.Response.WriteAsJsonAsync(new { status = "healthy" }, http.RequestAborted)
            : ProblemResponses.For(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);

    private sealed class DatabaseHealthCheck(PracticeDatabase database) : IHealthCheck
    {
        /// <summary>Applied migrations stay applied, so the check stops querying them.</summary>
        private volatile bool _migrated;

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                await using var query = database.For(PracticeDatabase.MessagingSchema).CreateCommand("select 1");
                await query.ExecuteScalarAsync(cancellationToken);
                if (
                    !_migrated
                    && (await PracticeHost.Setup(database).PendingAsync(cancellationToken)) is { Count: > 0 } pending
                )
                    return Fails($"Pending migrations: {string.Join(", ", pending)}");
                _migrated = true;
                return HealthCheckResult.Healthy();
            }
            catch (Exception unavailable)
                when (unavailable is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                return Fails(unavailable.Message);
            }

            HealthCheckResult Fails(string why) => new(context.Registration.FailureStatus, why);
        }
    }
}
