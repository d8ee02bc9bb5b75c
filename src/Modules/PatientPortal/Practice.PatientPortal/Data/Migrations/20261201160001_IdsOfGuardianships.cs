using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// Practices name a guardianship by an id of its own: the person's id tells who they are.
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261201160001_IdsOfGuardianships")]
internal sealed class IdsOfGuardianships : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<Guid>(
            name: "id",
            schema: "portal",
            table: "guardians",
            type: "uuid",
            nullable: false,
            defaultValueSql: "gen_random_uuid()"
        );
        migrationBuilder.CreateIndex(
            name: "ix_guardians_id",
            schema: "portal",
            table: "guardians",
            column: "id",
            unique: true
        );
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.DropColumn(name: "id", schema: "portal", table: "guardians");
}
