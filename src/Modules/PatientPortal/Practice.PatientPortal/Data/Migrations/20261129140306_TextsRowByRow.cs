using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Texts are looked up by key, although an index begins with their group.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140306_TextsRowByRow")]
internal sealed class TextsRowByRow : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CheckRowByRow("portal", "texts", "by_group");
}
