using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>What the files of a practice take up, counted with each upload.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129140303_SizesOfFiles")]
internal sealed class SizesOfFiles : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table portal.file_totals (
                group_id uuid constraint pk_file_totals primary key,
                bytes bigint not null);
            alter table portal.attachments no force row level security;
            insert into portal.file_totals (group_id, bytes)
            select group_id, sum(greatest(size, 4096)) from portal.attachments group by group_id;
            alter table portal.attachments force row level security;
            """
        );
        migrationBuilder.ProtectByGroup("portal", "file_totals");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("drop table portal.file_totals;");
}
