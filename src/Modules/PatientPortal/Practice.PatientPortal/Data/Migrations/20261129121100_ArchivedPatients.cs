using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>Patients are archived, never deleted. The index is for the list of those; it is small.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129121100_ArchivedPatients")]
    public sealed class ArchivedPatients : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                alter table portal.patients add archived_at timestamptz;
                create index ix_patients_archived on portal.patients (group_id, last_name_key, first_name_key, id)
                    where archived_at is not null;
                """
            );

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.patients drop archived_at;");
    }
}
