using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Lists walk an index in order, although their tables have two policies (docs/adr/0028).</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261128200000_RowByRow")]
internal sealed class RowByRow : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        RowPolicies.CheckRowByRow(migrationBuilder);
        RowPolicies.LookPatientsUp(migrationBuilder);
    }
}
