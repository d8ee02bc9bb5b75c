-- Authorizes the caller with this token in this group. Only on success does it set what row-level security compares
-- with, for this transaction. 'result' is 'authorized' or the reason.
-- Every call runs it, and each further statement would cost as much as a row: so one statement does nearly all. It
-- returns one record: a set would be put together as a table first.
do $$
declare earlier regprocedure := pg_catalog.to_regprocedure(
    'authority.authorize(text, uuid, integer, boolean, boolean)');
begin
    -- It returned a set, and must be dropped. Whoever may call it still may: hosts are running.
    if (select proretset from pg_catalog.pg_proc where oid = earlier) then
        perform pg_catalog.set_config('app.callers', (
            select pg_catalog.string_agg(c.grantee::regrole::text, ', ')
            from pg_catalog.pg_proc p, pg_catalog.aclexplode(p.proacl) c
            where p.oid = earlier and c.grantee not in (0, p.proowner)), true);
        execute 'drop function ' || earlier;
    end if;
end $$;
create or replace function authority.authorize(
    p_token text, p_group uuid, p_required integer, p_changes boolean, p_temporary boolean,
    out result text, out user_id uuid, out session_id uuid, out settings integer, out location_ids uuid[],
    out verified boolean)
language plpgsql security definer set search_path = '' as $$
declare
    v_verified timestamptz;
    v_pause interval;
    v_note_use boolean;
    v_set text;
begin
    select a.result, a.user_id, a.session_id, a.settings, a.location_ids, a.verified, a.verified_at, a.pause,
        a.note_use,
        case when a.result = 'authorized' then
            pg_catalog.set_config('app.user_id', a.user_id::text, true)
            || pg_catalog.set_config('app.group_id', coalesce(p_group::text, ''), true)
            || pg_catalog.set_config('app.group_ids', '', true)
            -- '*' means all locations. An empty setting means none.
            -- 256: the setting restrictToAssignedLocations (Practice.Authorization.Access)
            || pg_catalog.set_config('app.location_ids', case
                when p_group is null then ''
                when a.settings & 256 <> 0 then a.location_ids::text
                else '*' end, true)
            || pg_catalog.set_config('app.verified', case when a.verified then 'on' else '' end, true) end
    into result, user_id, session_id, settings, location_ids, verified, v_verified, v_pause, v_note_use, v_set
    from (
        select b.*, case
            when b.must_change_password and not p_temporary then 'password_change_required'
            when p_group is null then 'authorized'
            when not b.is_member then 'not_a_member'
            when pg_catalog.make_interval(mins => b.idle_minutes) < b.pause and not b.client then 'session_idle'
            when b.requires_two_factor and not b.second_factor_shown then 'two_factor_required'
            -- 1024: the setting readOnly (Practice.Authorization.Access)
            when b.settings & p_required <> p_required or (p_changes and b.settings & 1024 <> 0) then 'not_allowed'
            else 'authorized' end as result,
            -- AuthorizationErrors.VerificationRequired names the 5 minutes.
            b.verified_at > pg_catalog.now() - interval '5 minutes' and not b.client as verified
        from (
            select s.user_id, s.session_id, s.must_change_password, s.second_factor_shown, s.verified_at,
                m.user_id is not null as is_member, s.client,
                -- 536870912: apiClient (Practice.Authorization.Access)
                -- 268435456: the group has had a webhook (Practice.Authorization.Caller)
                coalesce(m.settings, 0) | case when s.client then 536870912 else 0 end
                    | case when r.has_had_webhook then 268435456 else 0 end as settings,
                coalesce(m.location_ids, '{}') as location_ids, r.requires_two_factor, r.idle_minutes,
                -- The longest time without use since the person last proved who they are.
                case when u.counts_from is null or u.counts_from < s.verified_at then pg_catalog.now() - s.verified_at
                    else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end as pause,
                -- The call is a use of the session. Every 30 seconds is often enough.
                u.last_used_at < pg_catalog.now() - interval '30 seconds' or u.counts_from < s.verified_at as note_use
            from authority.sessions s
            left join authority.session_use u on u.session_id = s.session_id
            left join authority.memberships m on m.user_id = s.user_id and m.group_id = p_group and m.active
            left join authority.group_rules r on r.group_id = p_group
            where s.token_hash = p_token and s.expires_at > pg_catalog.now()
        ) b
        offset 0 -- each is worked out once
    ) a;
    if v_set is null then
        result := coalesce(result, 'no_session');
        user_id := null;
        session_id := null;
        settings := coalesce(settings, 0) & 536870912;
        location_ids := '{}';
        verified := false;
        return;
    end if;

    if p_group is null and settings & 536870912 = 0 then
        perform pg_catalog.set_config('app.group_ids', pg_catalog.array_agg(m.group_id)::text, true)
        from authority.memberships m where m.user_id = authorize.user_id and m.active having count(*) > 0;
    end if;

    if v_note_use then
        -- Nobody waits for whoever writes it now.
        update authority.session_use u set
            counts_from = v_verified,
            last_used_at = greatest(u.last_used_at, pg_catalog.now()),
            longest_pause = case when u.counts_from < v_verified then v_pause
                else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end
        where u.counts_from <= v_verified and u.session_id in (
            select x.session_id from authority.session_use x
            where x.session_id = authorize.session_id for update skip locked);
    end if;
end $$;
do $$
declare callers text := pg_catalog.current_setting('app.callers', true);
begin
    if callers <> '' then
        execute 'grant execute on function authority.authorize to ' || callers;
        perform pg_catalog.set_config('app.callers', '', true);
    end if;
end $$;
