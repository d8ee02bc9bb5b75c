using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>Offers show by account, and to whoever has proved their address; a person's own row in grants names no account as it is made. The model is as it was.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261125000000_NarrowOffersAndGrants")]
internal sealed class NarrowOffersAndGrants : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        RowPolicies.NarrowOffersAndGrants(migrationBuilder);
}
