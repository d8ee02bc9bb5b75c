using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Practice.PatientPortal.Data.Migrations
{
    /// <summary>A practice pauses a person's access to its records of an account (docs/adr/0033).</summary>
    [DbContext(typeof(PatientPortalDbContext))]
    [Migration("20261129121300_AccessPauses")]
    public sealed class AccessPauses : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                create table portal.access_pauses (
                    id uuid not null constraint pk_access_pauses primary key,
                    group_id uuid not null,
                    account_id uuid not null,
                    user_id uuid not null,
                    reason text not null,
                    paused_by_id uuid not null,
                    paused_by_name text not null,
                    paused_at timestamptz not null
                );
                create unique index ix_access_pauses_account_id_user_id_group_id
                    on portal.access_pauses (account_id, user_id, group_id);
                """
            );
            RowPolicies.OfAccessPauses(migrationBuilder);
        }

        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.DropTable("access_pauses", "portal");
    }
}
