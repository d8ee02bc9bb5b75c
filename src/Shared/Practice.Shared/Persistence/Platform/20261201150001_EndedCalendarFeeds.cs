using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>A person's calendar feeds end together, as their sessions do (docs/adr/0036).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261201150001_EndedCalendarFeeds")]
internal sealed class EndedCalendarFeeds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => AuthorizationFunctions.Apply(migrationBuilder);
}
