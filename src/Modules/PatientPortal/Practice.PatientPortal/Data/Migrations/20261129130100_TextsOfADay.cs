using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>A practice's texts of a day are counted before each.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129130100_TextsOfADay")]
internal sealed class TextsOfADay : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("create index ix_texts_group_id_created_at on portal.texts (group_id, created_at);");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("drop index portal.ix_texts_group_id_created_at;");
}
