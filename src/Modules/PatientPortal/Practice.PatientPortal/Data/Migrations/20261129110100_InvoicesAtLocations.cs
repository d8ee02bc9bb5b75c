using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>Members restricted to locations do not see what was billed at others.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129110100_InvoicesAtLocations")]
    public sealed class InvoicesAtLocations : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            RowPolicies.OfInvoicesAtLocations(migrationBuilder);

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("drop policy by_location on portal.invoices;");
    }
}
