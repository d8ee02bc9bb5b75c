using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>Groups writes many memberships to the authority in one statement.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128190000_WriteMemberships")]
internal sealed class WriteMemberships : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        AuthorizationFunctions.CreateMissing(migrationBuilder);
}
