using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// Pending grants are visible in their account and to the person who confirmed the address. A new request of one's own
/// names no account. The model does not change.
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261125000000_NarrowOffersAndGrants")]
internal sealed class NarrowOffersAndGrants : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        RowPolicies.NarrowOffersAndGrants(migrationBuilder);
}
