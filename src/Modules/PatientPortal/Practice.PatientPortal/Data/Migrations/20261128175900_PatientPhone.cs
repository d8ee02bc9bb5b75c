using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>By itself: a new column locks out readers, for a moment.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261128175900_PatientPhone")]
    public sealed class PatientPhone : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                alter table portal.patients add phone text;
                """
            );

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.patients drop phone;");
    }
}
