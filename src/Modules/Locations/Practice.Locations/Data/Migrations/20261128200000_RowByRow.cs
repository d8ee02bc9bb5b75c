using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Locations.Data.Migrations;

/// <summary>The list walks an index in order (docs/adr/0028).</summary>
[DbContext(typeof(LocationsDbContext))]
[Migration("20261128200000_RowByRow")]
internal sealed class RowByRow : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CheckRowByRow(LocationsDbContext.SchemaName, "locations", "by_location");
}
