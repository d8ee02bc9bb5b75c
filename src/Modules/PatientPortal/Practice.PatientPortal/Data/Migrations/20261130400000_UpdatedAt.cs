using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// When patients and their records last changed, for those who follow the changes (docs/api/fhir.md).
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261130400000_UpdatedAt")]
internal sealed class UpdatedAtOfRows : Migration
{
    private static readonly string[] Tables = ["patients", "appointments", "invoices", "clinical_records"];

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.NoteUpdates("portal", Tables);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.ForgetUpdates("portal", Tables);
}
