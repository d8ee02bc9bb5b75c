-- Authorizes the caller with this token in this group. Only on success does it set what row-level security compares
-- with, for this transaction. 'result' is 'authorized' or the reason.
-- Every call runs it: one query, one statement for the settings, and the rare questions only where they matter.
create or replace function authority.authorize(p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean)
returns table (result text, user_id uuid, session_id uuid, settings integer, location_ids uuid[])
language plpgsql security definer set search_path = '' as $$
declare
    v record;
    v_groups text := '';
begin
    settings := 0;
    location_ids := '{}';
    select s.user_id, s.session_id, s.must_change_password, s.second_factor_shown, s.verified_at, m.settings, m.location_ids,
        -- The longest time without use since the person last proved who they are.
        case when u.counts_from is null or u.counts_from < s.verified_at then pg_catalog.now() - s.verified_at
            else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end as pause,
        -- The call is a use of the session. Every 30 seconds is often enough.
        u.last_used_at < pg_catalog.now() - interval '30 seconds' or u.counts_from < s.verified_at as note_use
    into v
    from authority.sessions s
    left join authority.session_use u on u.session_id = s.session_id
    left join authority.memberships m on m.user_id = s.user_id and m.group_id = p_group and m.active
    where s.token_hash = p_token and s.expires_at > pg_catalog.now();

    result := case
        when v.user_id is null then 'no_session'
        when v.must_change_password and not p_temporary then 'password_change_required'
        when p_group is not null and v.settings is null then 'not_a_member'
        else 'authorized' end;
    -- No group's limit is below 5 minutes, so most calls need not look at the group's rules.
    if result = 'authorized' and p_group is not null and (v.pause > interval '5 minutes' or not v.second_factor_shown) then
        result := coalesce((
            select case
                when pg_catalog.make_interval(mins => r.idle_minutes) < v.pause then 'session_idle'
                when r.requires_two_factor and not v.second_factor_shown then 'two_factor_required' end
            from authority.group_rules r where r.group_id = p_group), result);
    end if;
    -- 1024: the setting readOnly (Practice.Authorization.Access)
    if result = 'authorized' and p_group is not null
        and (v.settings & p_required <> p_required or (p_changes and v.settings & 1024 <> 0)) then
        result := 'not_allowed';
    end if;
    if result <> 'authorized' then
        return next;
        return;
    end if;

    if p_group is null then
        select coalesce(pg_catalog.array_agg(m.group_id)::text, '') into v_groups from authority.memberships m
        where m.user_id = v.user_id and m.active;
    end if;

    if v.note_use then
        -- Nobody waits for whoever writes it now.
        update authority.session_use u set
            counts_from = v.verified_at,
            last_used_at = greatest(u.last_used_at, pg_catalog.now()),
            longest_pause = case when u.counts_from < v.verified_at then v.pause
                else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end
        where u.counts_from <= v.verified_at and u.session_id in (
            select x.session_id from authority.session_use x where x.session_id = v.session_id for update skip locked);
    end if;

    user_id := v.user_id;
    session_id := v.session_id;
    settings := coalesce(v.settings, settings);
    location_ids := coalesce(v.location_ids, location_ids);
    perform pg_catalog.set_config('app.user_id', user_id::text, true),
        pg_catalog.set_config('app.group_id', coalesce(p_group::text, ''), true),
        pg_catalog.set_config('app.group_ids', v_groups, true),
        -- '*' means all locations. An empty setting means none.
        -- 256: the setting restrictToAssignedLocations (Practice.Authorization.Access)
        pg_catalog.set_config('app.location_ids', case
            when p_group is null then ''
            when settings & 256 <> 0 then location_ids::text
            else '*' end, true),
        -- 5 minutes: AuthorizationErrors.VerificationRequired says so.
        pg_catalog.set_config('app.verified',
            case when v.verified_at > pg_catalog.now() - interval '5 minutes' then 'on' else '' end, true);
    return next;
end $$;
