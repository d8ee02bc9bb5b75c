using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Each row says which ages its moments were calculated with, so that a host with other ages finds it (docs/adr/0012). Null
/// where no age counts: on an account of a person's own.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261127000000_ReckonedAges")]
internal sealed class ReckonedAges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            alter table authority.portal_access add clinical_age integer, add adult_age integer;

            -- The ages used so far are unknown: the next start calculates them.
            update authority.portal_access set clinical_age = 0, adult_age = 0
            where account_id in (select account_id from authority.portal_access where relation = 'guardian' and active);

            drop function authority.write_portal_access(uuid, uuid, text, uuid, boolean, boolean, boolean, timestamptz, timestamptz);
            create function authority.write_portal_access(
                p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_edit boolean, p_clinical boolean, p_active boolean,
                p_ends timestamptz, p_clinical_ends timestamptz, p_clinical_age integer, p_adult_age integer) returns void
            language sql security definer set search_path = '' as $$
                insert into authority.portal_access values (
                    p_account, p_user, p_relation, p_grant, p_edit, p_clinical, p_active, p_ends, p_clinical_ends, p_clinical_age, p_adult_age)
                on conflict (account_id, user_id, relation) do update
                set grant_id = excluded.grant_id, can_edit = excluded.can_edit, clinical = excluded.clinical, active = excluded.active,
                    ends_at = excluded.ends_at, clinical_ends_at = excluded.clinical_ends_at,
                    clinical_age = excluded.clinical_age, adult_age = excluded.adult_age;
            $$;

            -- A row that gives no access needs no ages: it gets them when it gives access again.
            create function authority.accounts_by_other_ages(p_clinical_age integer, p_adult_age integer, p_after uuid, p_most integer) returns setof uuid
            language sql stable security definer set search_path = '' as $$
                select distinct a.account_id from authority.portal_access a
                where a.account_id > p_after and a.active and (a.clinical_age <> p_clinical_age or a.adult_age <> p_adult_age)
                order by a.account_id limit p_most;
            $$;
            """
        );

        string[] functions =
        [
            "write_portal_access(uuid, uuid, text, uuid, boolean, boolean, boolean, timestamptz, timestamptz, integer, integer)",
            "accounts_by_other_ages(integer, integer, uuid, integer)",
        ];
        foreach (var function in functions)
        {
            migrationBuilder.Sql(
                $"""
                revoke all on function authority.{function} from public;
                """
            );
        }
    }
}
