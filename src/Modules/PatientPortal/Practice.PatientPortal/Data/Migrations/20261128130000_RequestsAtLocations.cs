using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations
{
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261128130000_RequestsAtLocations")]
    public sealed class RequestsAtLocations : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            RowPolicies.OfRequestsAtLocations(migrationBuilder);
    }
}
