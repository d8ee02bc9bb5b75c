using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data.Migrations;

/// <summary>Lists walk an index in order, although their tables have two policies (docs/adr/0028).</summary>
[DbContext(typeof(GroupsDbContext))]
[Migration("20261128200000_RowByRow")]
internal sealed class RowByRow : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in new[] { "groups", "memberships", "invitations" })
            migrationBuilder.CheckRowByRow(GroupsDbContext.SchemaName, table, "also_visible");
    }
}
