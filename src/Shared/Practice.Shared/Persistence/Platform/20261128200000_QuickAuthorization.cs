using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>Authorization asks one query, and the audit of a group is read in order (docs/adr/0028).</summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261128200000_QuickAuthorization")]
internal sealed class QuickAuthorization : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        AuthorizationFunctions.CreateMissing(migrationBuilder);
        migrationBuilder.CheckRowByRow("audit", "entries", "by_group");
        migrationBuilder.Sql($"alter table audit.unsealed set ({DatabaseSetup.QueueStorage});");
    }
}
