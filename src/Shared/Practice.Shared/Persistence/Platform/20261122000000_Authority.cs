using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Practice.Shared.Persistence.Platform;

/// <summary>
/// Who is signed in, who may do what in which group, and the function that authorizes a caller (docs/adr/0006).
/// The tables belong to a role that can't log in; modules reach them only through the functions granted below.
/// </summary>
[DbContext(typeof(PlatformDbContext))]
[Migration("20261122000000_Authority")]
internal sealed class Authority : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            create table authority.sessions (
                token_hash text primary key,
                session_id uuid not null,
                user_id uuid not null,
                expires_at timestamptz not null,
                must_change_password boolean not null,
                second_factor_shown boolean not null
            );
            create index sessions_by_session on authority.sessions (session_id);
            create index sessions_by_user on authority.sessions (user_id);

            create table authority.memberships (
                user_id uuid not null,
                group_id uuid not null,
                active boolean not null,
                settings integer not null,
                location_ids uuid[] not null,
                primary key (user_id, group_id)
            );

            -- Rules of a whole group that authorization must know; most groups have no row.
            create table authority.group_rules (
                group_id uuid primary key,
                requires_two_factor boolean not null
            );

            alter table authority.sessions enable row level security;
            alter table authority.sessions force row level security;
            alter table authority.memberships enable row level security;
            alter table authority.memberships force row level security;
            alter table authority.group_rules enable row level security;
            alter table authority.group_rules force row level security;
            create policy functions_only on authority.group_rules to current_user using (true) with check (true);
            create policy functions_only on authority.sessions to current_user using (true) with check (true);
            create policy functions_only on authority.memberships to current_user using (true) with check (true);
            """
        );

        migrationBuilder.Sql(
            """
            create function authority.enter(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean)
            returns table (verdict text, user_id uuid, session_id uuid, settings integer, location_ids uuid[])
            language plpgsql security definer set search_path = '' as $$
            declare
                v_session authority.sessions;
                v_membership authority.memberships;
                v_groups uuid[];
            begin
                select s.* into v_session from authority.sessions s
                where s.token_hash = p_token and s.expires_at > pg_catalog.now();
                if not found then
                    return query select 'no_session', null::uuid, null::uuid, 0, '{}'::uuid[];
                    return;
                end if;
                if v_session.must_change_password and not p_temporary then
                    return query select 'password_change_required', null::uuid, null::uuid, 0, '{}'::uuid[];
                    return;
                end if;

                if p_group is not null then
                    select m.* into v_membership from authority.memberships m
                    where m.user_id = v_session.user_id and m.group_id = p_group and m.active;
                    if not found then
                        return query select 'not_a_member', null::uuid, null::uuid, 0, '{}'::uuid[];
                        return;
                    end if;
                    if not v_session.second_factor_shown and exists (
                        select from authority.group_rules r where r.group_id = p_group and r.requires_two_factor) then
                        return query select 'two_factor_required', null::uuid, null::uuid, 0, '{}'::uuid[];
                        return;
                    end if;
                    -- 1024: the setting readOnly (Practice.Shared.Authority.Access)
                    if v_membership.settings & p_required <> p_required or (p_changes and v_membership.settings & 1024 <> 0) then
                        return query select 'not_allowed', null::uuid, null::uuid, 0, '{}'::uuid[];
                        return;
                    end if;
                else
                    select pg_catalog.array_agg(m.group_id) into v_groups from authority.memberships m
                    where m.user_id = v_session.user_id and m.active;
                end if;

                perform pg_catalog.set_config('app.user_id', v_session.user_id::text, true);
                perform pg_catalog.set_config('app.group_id', coalesce(p_group::text, ''), true);
                perform pg_catalog.set_config('app.group_ids', coalesce(v_groups::text, ''), true);
                -- '*' is said, not meant by silence: where nothing is said, a table protected by location shows nothing.
                -- 256: the setting restrictToAssignedLocations (Practice.Shared.Authority.Access)
                perform pg_catalog.set_config('app.location_ids', case
                    when p_group is null then ''
                    when v_membership.settings & 256 <> 0 then coalesce(v_membership.location_ids, '{}')::text
                    else '*' end, true);
                return query select 'entered', v_session.user_id, v_session.session_id,
                    coalesce(v_membership.settings, 0), coalesce(v_membership.location_ids, '{}'::uuid[]);
            end $$;

            create function authority.enter_as_system(p_group uuid) returns void
            language plpgsql security definer set search_path = '' as $$
            begin
                perform pg_catalog.set_config('app.group_id', p_group::text, true);
                perform pg_catalog.set_config('app.location_ids', '*', true);
            end $$;

            create function authority.current_user_id() returns uuid language sql stable as
                $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

            create function authority.open_session(
                p_token text, p_session uuid, p_user uuid, p_expires timestamptz, p_must_change boolean, p_second_factor boolean) returns void
            language sql security definer set search_path = '' as $$
                delete from authority.sessions where user_id = p_user and expires_at < pg_catalog.now();
                insert into authority.sessions values (p_token, p_session, p_user, p_expires, p_must_change, p_second_factor);
            $$;

            create function authority.end_session(p_session uuid) returns void
            language sql security definer set search_path = '' as $$
                delete from authority.sessions where session_id = p_session;
            $$;

            create function authority.end_sessions_of(p_user uuid, p_except uuid) returns void
            language sql security definer set search_path = '' as $$
                delete from authority.sessions where user_id = p_user and session_id is distinct from p_except;
            $$;

            create function authority.forget_expired_sessions() returns void
            language sql security definer set search_path = '' as $$
                delete from authority.sessions where expires_at < pg_catalog.now();
            $$;

            create function authority.password_changed(p_session uuid) returns void
            language sql security definer set search_path = '' as $$
                update authority.sessions set must_change_password = false where session_id = p_session;
            $$;

            create function authority.second_factor_shown(p_session uuid) returns void
            language sql security definer set search_path = '' as $$
                update authority.sessions set second_factor_shown = true where session_id = p_session;
            $$;

            create function authority.second_factor_removed(p_user uuid) returns void
            language sql security definer set search_path = '' as $$
                update authority.sessions set second_factor_shown = false where user_id = p_user;
            $$;

            create function authority.write_group(p_group uuid, p_requires_two_factor boolean) returns void
            language sql security definer set search_path = '' as $$
                insert into authority.group_rules values (p_group, p_requires_two_factor)
                on conflict (group_id) do update set requires_two_factor = excluded.requires_two_factor;
            $$;

            create function authority.write_membership(p_group uuid, p_user uuid, p_active boolean, p_settings integer, p_locations uuid[]) returns void
            language sql security definer set search_path = '' as $$
                insert into authority.memberships values (p_user, p_group, p_active, p_settings, p_locations)
                on conflict (user_id, group_id) do update
                set active = excluded.active, settings = excluded.settings, location_ids = excluded.location_ids;
            $$;

            create function authority.groups_of(p_user uuid) returns setof uuid
            language sql stable security definer set search_path = '' as $$
                select group_id from authority.memberships where user_id = p_user;
            $$;
            """
        );

        string[] functions =
        [
            "enter(text, uuid, integer, boolean, boolean)",
            "enter_as_system(uuid)",
            "current_user_id()",
            "open_session(text, uuid, uuid, timestamptz, boolean, boolean)",
            "end_session(uuid)",
            "end_sessions_of(uuid, uuid)",
            "password_changed(uuid)",
            "forget_expired_sessions()",
            "second_factor_shown(uuid)",
            "second_factor_removed(uuid)",
            "write_group(uuid, boolean)",
            "write_membership(uuid, uuid, boolean, integer, uuid[])",
            "groups_of(uuid)",
        ];
        foreach (var function in functions)
        {
            migrationBuilder.Sql(
                $"""
                revoke all on function authority.{function} from public;
                """
            );
        }

        migrationBuilder.Sql(
            $"""
            create table audit.entries (
                id uuid primary key,
                at timestamptz not null,
                group_id uuid,
                actor_id uuid,
                authority text not null,
                act text not null,
                subject_id uuid not null,
                details jsonb
            );
            create index entries_by_group on audit.entries (group_id, id desc);
            alter table audit.entries enable row level security;
            alter table audit.entries force row level security;
            create policy append on audit.entries for insert with check (group_id is null or group_id = {RowSecurity.AuthorizedGroup});
            create policy by_group on audit.entries for select
                using (group_id = {RowSecurity.AuthorizedGroup} or (group_id is null and actor_id = {RowSecurity.Person}));
            """
        );
    }
}
