-- Authorizes the caller with this token in this group. Only on success does it set what row-level security compares
-- with, for this transaction. 'result' is 'authorized' or the reason.
create or replace function authority.authorize(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean)
returns table (result text, user_id uuid, session_id uuid, settings integer, location_ids uuid[])
language plpgsql security definer set search_path = '' as $$
declare
    v_session record;
    v_pause interval;
    v_membership authority.memberships;
    v_groups uuid[];
begin
    select s.user_id, s.session_id, s.must_change_password, s.second_factor_shown, s.verified_at,
        u.counts_from, u.last_used_at, u.longest_pause into v_session
    from authority.sessions s left join authority.session_use u on u.session_id = s.session_id
    where s.token_hash = p_token and s.expires_at > pg_catalog.now();
    if not found then
        return query select 'no_session', null::uuid, null::uuid, 0, '{}'::uuid[];
        return;
    end if;
    if v_session.must_change_password and not p_temporary then
        return query select 'password_change_required', null::uuid, null::uuid, 0, '{}'::uuid[];
        return;
    end if;

    -- The longest time without use since the person last proved who they are.
    v_pause := case
        when v_session.counts_from is null or v_session.counts_from < v_session.verified_at
            then pg_catalog.now() - v_session.verified_at
        else greatest(v_session.longest_pause, pg_catalog.now() - v_session.last_used_at) end;

    if p_group is not null then
        select m.* into v_membership from authority.memberships m
        where m.user_id = v_session.user_id and m.group_id = p_group and m.active;
        if not found then
            return query select 'not_a_member', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
        -- No group's limit is below 5 minutes, so most calls need not look.
        if v_pause > interval '5 minutes' and exists (
            select from authority.group_rules r
            where r.group_id = p_group and pg_catalog.make_interval(mins => r.idle_minutes) < v_pause) then
            return query select 'session_idle', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
        if not v_session.second_factor_shown and exists (
            select from authority.group_rules r where r.group_id = p_group and r.requires_two_factor) then
            return query select 'two_factor_required', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
        -- 1024: the setting readOnly (Practice.Authorization.Access)
        if v_membership.settings & p_required <> p_required or (p_changes and v_membership.settings & 1024 <> 0) then
            return query select 'not_allowed', null::uuid, null::uuid, 0, '{}'::uuid[];
            return;
        end if;
    else
        select pg_catalog.array_agg(m.group_id) into v_groups from authority.memberships m
        where m.user_id = v_session.user_id and m.active;
    end if;

    -- The call is a use of the session. Every 30 seconds is often enough, and nobody waits for whoever writes it now.
    if v_session.last_used_at < pg_catalog.now() - interval '30 seconds' or v_session.counts_from < v_session.verified_at then
        update authority.session_use u set
            counts_from = v_session.verified_at,
            last_used_at = greatest(u.last_used_at, pg_catalog.now()),
            longest_pause = case when u.counts_from < v_session.verified_at then v_pause
                else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end
        where u.counts_from <= v_session.verified_at and u.session_id in (
            select x.session_id from authority.session_use x where x.session_id = v_session.session_id for update skip locked);
    end if;

    perform pg_catalog.set_config('app.user_id', v_session.user_id::text, true);
    perform pg_catalog.set_config('app.group_id', coalesce(p_group::text, ''), true);
    perform pg_catalog.set_config('app.group_ids', coalesce(v_groups::text, ''), true);
    -- '*' means all locations. An empty setting means none.
    -- 256: the setting restrictToAssignedLocations (Practice.Authorization.Access)
    perform pg_catalog.set_config('app.location_ids', case
        when p_group is null then ''
        when v_membership.settings & 256 <> 0 then coalesce(v_membership.location_ids, '{}')::text
        else '*' end, true);
    -- 5 minutes: AuthorizationErrors.VerificationRequired says so.
    perform pg_catalog.set_config('app.verified',
        case when v_session.verified_at > pg_catalog.now() - interval '5 minutes' then 'on' else '' end, true);
    return query select 'authorized', v_session.user_id, v_session.session_id,
        coalesce(v_membership.settings, 0), coalesce(v_membership.location_ids, '{}'::uuid[]);
end $$;
