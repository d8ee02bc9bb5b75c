using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Who may open which portal account (docs/adr/0012). Ages and last days are stored as moments, calculated by the portal
/// in the account's time zone, and compared with the product's clock on every call.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261124000000_PortalAuthority")]
internal sealed class PortalAuthority : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            -- A row is written once a person may open the account, and stays: who was let in before is told that it is over.
            create table authority.portal_access (
                account_id uuid not null,
                user_id uuid not null,
                relation text not null check (relation in ('self', 'guardian', 'granted')),
                grant_id uuid,
                can_edit boolean not null,
                clinical boolean not null,
                active boolean not null,
                ends_at timestamptz,
                clinical_ends_at timestamptz,
                primary key (account_id, user_id, relation)
            );
            create index portal_access_by_user on authority.portal_access (user_id);
            alter table authority.portal_access enable row level security;
            alter table authority.portal_access force row level security;
            create policy functions_only on authority.portal_access to current_user using (true) with check (true);

            create function authority.enter_portal(
                p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamptz)
            returns table (verdict text, user_id uuid, session_id uuid, relation text, grant_id uuid, can_edit boolean, clinical boolean)
            language plpgsql security definer set search_path = '' as $$
            declare
                v_session authority.sessions;
                v_access authority.portal_access;
                v_clinical boolean;
                v_verdict text := 'entered';
                v_accounts uuid[];
            begin
                select s.* into v_session from authority.sessions s
                where s.token_hash = p_token and s.expires_at > pg_catalog.now();
                if not found then
                    v_verdict := 'no_session';
                elsif v_session.must_change_password then
                    v_verdict := 'password_change_required';
                elsif p_account is null then
                    select pg_catalog.array_agg(distinct a.account_id) into v_accounts from authority.portal_access a
                    where a.user_id = v_session.user_id and a.active and (a.ends_at is null or a.ends_at > p_now);
                else
                    select a.* into v_access from authority.portal_access a
                    where a.account_id = p_account and a.user_id = v_session.user_id and a.active and (a.ends_at is null or a.ends_at > p_now)
                    order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end limit 1;
                    if not found then
                        v_verdict := case when exists (select from authority.portal_access a
                            where a.account_id = p_account and a.user_id = v_session.user_id) then 'grant_not_current' else 'unknown' end;
                    else
                        v_clinical := v_access.clinical and (v_access.clinical_ends_at is null or v_access.clinical_ends_at > p_now);
                        v_verdict := case
                            when p_holder and v_access.relation = 'granted' then 'not_the_holder'
                            when p_clinical and not v_clinical then 'clinical_not_granted'
                            when p_edit and not v_access.can_edit then 'view_only'
                            else 'entered' end;
                    end if;
                end if;
                if v_verdict <> 'entered' then
                    return query select v_verdict, null::uuid, null::uuid, null::text, null::uuid, false, false;
                    return;
                end if;

                perform pg_catalog.set_config('app.user_id', v_session.user_id::text, true);
                perform pg_catalog.set_config('app.group_id', '', true);
                perform pg_catalog.set_config('app.location_ids', '', true);
                perform pg_catalog.set_config('app.account_id', coalesce(p_account::text, ''), true);
                perform pg_catalog.set_config('app.account_ids', coalesce(v_accounts::text, ''), true);
                perform pg_catalog.set_config('app.clinical', case when v_clinical then 'on' else '' end, true);
                return query select 'entered', v_session.user_id, v_session.session_id, v_access.relation, v_access.grant_id,
                    coalesce(v_access.can_edit, false), coalesce(v_clinical, false);
            end $$;

            create function authority.enter_account_as_system(p_account uuid) returns void
            language plpgsql security definer set search_path = '' as $$
            begin
                perform pg_catalog.set_config('app.account_id', p_account::text, true);
                perform pg_catalog.set_config('app.clinical', 'on', true);
            end $$;

            create function authority.enter_person_as_system(p_user uuid) returns void
            language plpgsql security definer set search_path = '' as $$
            begin
                perform pg_catalog.set_config('app.user_id', p_user::text, true);
            end $$;

            create function authority.write_portal_access(
                p_account uuid, p_user uuid, p_relation text, p_grant uuid, p_edit boolean, p_clinical boolean, p_active boolean,
                p_ends timestamptz, p_clinical_ends timestamptz) returns void
            language sql security definer set search_path = '' as $$
                insert into authority.portal_access values (p_account, p_user, p_relation, p_grant, p_edit, p_clinical, p_active, p_ends, p_clinical_ends)
                on conflict (account_id, user_id, relation) do update
                set grant_id = excluded.grant_id, can_edit = excluded.can_edit, clinical = excluded.clinical, active = excluded.active,
                    ends_at = excluded.ends_at, clinical_ends_at = excluded.clinical_ends_at;
            $$;

            create function authority.openable_accounts(p_now timestamptz)
            returns table (account_id uuid, relation text, grant_id uuid, can_edit boolean, clinical boolean, first boolean)
            language sql stable security definer set search_path = '' as $$
                select a.account_id, a.relation, a.grant_id, a.can_edit,
                    a.clinical and (a.clinical_ends_at is null or a.clinical_ends_at > p_now),
                    1 = row_number() over (partition by a.account_id order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end)
                from authority.portal_access a
                where a.user_id = nullif(pg_catalog.current_setting('app.user_id', true), '')::uuid
                    and a.active and (a.ends_at is null or a.ends_at > p_now);
            $$;

            create function authority.own_account_of(p_user uuid) returns uuid
            language sql stable security definer set search_path = '' as $$
                select account_id from authority.portal_access where user_id = p_user and relation = 'self' and active;
            $$;
            """
        );

        string[] functions =
        [
            "enter_portal(text, uuid, boolean, boolean, boolean, timestamptz)",
            "enter_account_as_system(uuid)",
            "enter_person_as_system(uuid)",
            "write_portal_access(uuid, uuid, text, uuid, boolean, boolean, boolean, timestamptz, timestamptz)",
            "own_account_of(uuid)",
            "openable_accounts(timestamptz)",
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
