using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.PatientPortal.Data.Migrations;

/// <summary>
/// A practice pauses an address where it knows no more of the person: with or without an account (docs/adr/0016).
/// </summary>
[DbContext(typeof(PatientPortalDbContext))]
[Migration("20261201110000_PausedAddresses")]
internal sealed class PausedAddresses : Migration
{
    private const string Schema = PatientPortalDbContext.SchemaName;

    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            $"""
            alter table {Schema}.access_pauses add email text;
            alter table {Schema}.access_pauses alter user_id drop not null;
            update {Schema}.access_pauses p set email = upper(g.user_email) from {Schema}.grants g
            where g.account_id = p.account_id and g.user_id = p.user_id and g.asked_role is null
                and g.status <> 'Withdrawn'
                and not exists (
                    select from {Schema}.guardians other
                    where other.account_id = p.account_id and other.user_id = p.user_id and other.ended_at is null);
            drop index {Schema}.ix_access_pauses_account_id_user_id_group_id;
            create unique index ix_access_pauses_account_id_group_id_user_id_email
                on {Schema}.access_pauses (account_id, group_id, user_id, email) nulls not distinct;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            $"""
            delete from {Schema}.access_pauses p where user_id is null or exists (
                select from {Schema}.access_pauses other
                where other.account_id = p.account_id and other.group_id = p.group_id
                    and other.user_id = p.user_id and other.id < p.id);
            drop index {Schema}.ix_access_pauses_account_id_group_id_user_id_email;
            alter table {Schema}.access_pauses alter user_id set not null;
            alter table {Schema}.access_pauses drop email;
            create unique index ix_access_pauses_account_id_user_id_group_id
                on {Schema}.access_pauses (account_id, user_id, group_id);
            """
        );
}
