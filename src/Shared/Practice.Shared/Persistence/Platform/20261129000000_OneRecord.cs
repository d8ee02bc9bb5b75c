using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>The functions that authorize return a record, and no set of one (docs/adr/0028).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261129000000_OneRecord")]
internal sealed class OneRecord : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        AuthorizationFunctions.CreateMissing(migrationBuilder);
}
