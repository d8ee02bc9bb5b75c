using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// Clinical records are shared with the patient by an act, and amended. What patients have been able to read stays
/// shared, and so does what a host of the release before adds meanwhile.
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129090000_SharedRecords")]
internal sealed class SharedRecords : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            alter table portal.clinical_records
                add shared boolean not null default true,
                add withhold_reason text,
                add amendments jsonb not null default '[]';
            drop index portal.ix_clinical_records_account_id_id;
            create index ix_clinical_records_account_id_id on portal.clinical_records (account_id, id) where shared;
            """
        );
        RowPolicies.HideUnsharedRecords(migrationBuilder);
    }
}
