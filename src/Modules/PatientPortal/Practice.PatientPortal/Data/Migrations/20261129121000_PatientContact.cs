using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>How to reach a patient, and whom to call in an emergency.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129121000_PatientContact")]
    public sealed class PatientContact : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                "alter table portal.patients add address text, add emergency_contact jsonb, add sex text;"
            );

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.patients drop address, drop emergency_contact, drop sex;");
    }
}
