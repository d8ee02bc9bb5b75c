using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>The authorization of a portal call is one level, and looks practices up only where an access opens some.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261201100000_PortalInOneLevel")]
internal sealed class PortalInOneLevel : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => AuthorizationFunctions.Apply(migrationBuilder);
}
