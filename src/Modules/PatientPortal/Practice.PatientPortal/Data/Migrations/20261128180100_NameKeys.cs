using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>By themselves: while these columns are written, nobody reads the table.</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261128180100_NameKeys")]
    public sealed class NameKeys : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                """
                alter table portal.patients
                    add last_name_key text collate "C" generated always as (left(search.fold(last_name), 100)) stored,
                    add first_name_key text collate "C" generated always as (left(search.fold(first_name), 100)) stored;
                create index ix_patients_group_id_last_name_key_first_name_key_id
                    on portal.patients (group_id, last_name_key, first_name_key, id);
                """
            );

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("alter table portal.patients drop last_name_key, drop first_name_key;");
    }
}
