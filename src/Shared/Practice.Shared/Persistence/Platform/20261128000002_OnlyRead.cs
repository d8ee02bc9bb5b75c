using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>A read outside a transaction may only read (<c>authority.only_read</c>).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128000002_OnlyRead")]
internal sealed class OnlyRead : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        AuthorizationFunctions.CreateMissing(migrationBuilder);
}
