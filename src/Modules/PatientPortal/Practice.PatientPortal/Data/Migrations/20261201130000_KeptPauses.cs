using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// A pause goes with the patient to another account, and is kept with its reason when it has ended (docs/adr/0033).
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261201130000_KeptPauses")]
internal sealed class KeptPauses : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            alter table portal.patients add unlinked_account_id uuid;
            alter table portal.access_pauses
                add resumed_by_id uuid, add resumed_by_name text, add resumed_at timestamptz;
            drop index portal.ix_access_pauses_account_id_group_id_user_id_email;
            create unique index ix_access_pauses_account_id_group_id_user_id_email
                on portal.access_pauses (account_id, group_id, user_id, email) nulls not distinct
                where resumed_at is null;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            delete from portal.access_pauses where resumed_at is not null;
            drop index portal.ix_access_pauses_account_id_group_id_user_id_email;
            create unique index ix_access_pauses_account_id_group_id_user_id_email
                on portal.access_pauses (account_id, group_id, user_id, email) nulls not distinct;
            alter table portal.access_pauses drop resumed_by_id, drop resumed_by_name, drop resumed_at;
            alter table portal.patients drop unlinked_account_id;
            """
        );
}
