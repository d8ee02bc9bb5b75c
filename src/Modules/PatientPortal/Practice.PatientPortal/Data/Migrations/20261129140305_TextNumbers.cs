using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Text messages of a day are counted by their number, which is kept as a hash.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140305_TextNumbers")]
internal sealed class TextNumbers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table portal.texts add number_hash bytea;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table portal.texts drop number_hash;");
}
