using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>A session may begin without a proof of who the person is, and is not idle for that.</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261130530000_UnprovenSessions")]
internal sealed class UnprovenSessions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => AuthorizationFunctions.Apply(migrationBuilder);
}
