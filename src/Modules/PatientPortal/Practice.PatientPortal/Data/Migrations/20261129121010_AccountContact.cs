using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>By itself: hosts are running, and lock accounts and patients in another order.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129121010_AccountContact")]
    public sealed class AccountContact : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.accounts add emergency_contact jsonb;");

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.accounts drop emergency_contact;");
    }
}
