using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Who was notified of a request.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140100_ToldRequests")]
internal sealed class ToldRequests : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table portal.requests add told_ids uuid[] not null default '{}'");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("alter table portal.requests drop told_ids");
}
