using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>What members ask to export.</summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261129123050_Exports")]
internal sealed class Exports : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table portal.exports (
                id uuid constraint pk_exports primary key,
                group_id uuid not null,
                requested_by_id uuid not null,
                kinds text[] not null,
                requested_at timestamptz not null,
                expires_at timestamptz not null,
                status text not null,
                file text,
                rows bigint not null,
                progress_at timestamptz,
                discarded_at timestamptz
            );
            create index ix_exports_group_id_id on portal.exports (group_id, id);
            """
        );
        migrationBuilder.ProtectByGroup("portal", "exports");
    }
}
