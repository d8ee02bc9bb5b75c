using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Downloads of an export are counted.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140302_ExportDownloads")]
internal sealed class ExportDownloads : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table portal.exports add downloads integer not null default 0;");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table portal.exports drop downloads;");
}
