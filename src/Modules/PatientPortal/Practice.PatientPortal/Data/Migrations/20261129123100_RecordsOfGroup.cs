using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>An export reads all clinical records of a group, in their order. Hosts write records meanwhile.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129123100_RecordsOfGroup")]
internal sealed class RecordsOfGroup : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndexConcurrently(
            "portal",
            "ix_clinical_records_group_id_id",
            "clinical_records (group_id, id)"
        );
}
