using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>To authorize a call costs a tenth less (docs/performance.md).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130550000_FlatterAuthorize")]
internal sealed class FlatterAuthorize : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => AuthorizationFunctions.Apply(migrationBuilder);
}
