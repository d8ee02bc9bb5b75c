using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>Whom each member's calendar feed has shown.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129124100_CalendarFeeds")]
    public sealed class CalendarFeeds : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table portal.calendar_feed_patients (
                    group_id uuid,
                    member_id uuid,
                    patient_id uuid,
                    constraint pk_calendar_feed_patients primary key (group_id, member_id, patient_id));
                """
            );
            migrationBuilder.ProtectByGroup("portal", "calendar_feed_patients");
        }

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("drop table portal.calendar_feed_patients;");
    }
}
