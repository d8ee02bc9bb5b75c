using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Open requests are counted with every page of staff. Hosts write rows meanwhile.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140101_OpenRequests")]
internal sealed class OpenRequests : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndexConcurrently(
            "portal",
            "ix_requests_open",
            "requests (group_id, id) where status = 'Open'"
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("drop index portal.ix_requests_open");
}
