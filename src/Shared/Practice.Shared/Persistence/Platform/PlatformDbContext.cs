using Microsoft.EntityFrameworkCore;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// The schemas that belong to no module (<c>authority</c>, <c>audit</c>, <c>idempotency</c>, <c>web</c>): only their
/// migrations, no entities.
/// </summary>
internal sealed class PlatformDbContext(DbContextOptions<PlatformDbContext> options) : DbContext(options)
{
    public const string Schema = "authority";
}
