using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>The list of what is still to be paid, among many that are paid. Hosts write rows meanwhile.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140304_UnpaidInvoices")]
internal sealed class UnpaidInvoices : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndexConcurrently(
            "portal",
            "ix_invoices_unpaid",
            "invoices (group_id, issued_on, id) where status in ('Issued', 'PartlyPaid')"
        );
}
