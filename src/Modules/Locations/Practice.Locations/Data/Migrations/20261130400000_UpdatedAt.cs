using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.Locations.Data.Migrations;

/// <summary>When locations last changed, for those who follow the changes (docs/api/fhir.md).</summary>
[DbContext(typeof(LocationsDbContext))]
[Migration("20261130400000_UpdatedAt")]
internal sealed class UpdatedAtOfRows : Migration
{
    private static readonly string[] Tables = ["locations"];

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.NoteUpdates("locations", Tables);

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.ForgetUpdates("locations", Tables);
}
