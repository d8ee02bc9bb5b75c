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
    v_note_use boolean;
    v_set text;
begin
    -- One level, and as few expressions as can be: each call makes the plan ready anew.
    select case
            when s.must_change_password and not p_temporary then 'password_change_required'
            when p_group is null then 'authorized'
            when m.user_id is null then 'not_a_member'
            when r.idle_minutes is not null and not s.client
                -- The longest time without use since the person last proved who they are.
                and pg_catalog.make_interval(mins => r.idle_minutes) < case
                    when u.counts_from is null or u.counts_from < s.verified_at
                        then pg_catalog.now() - s.verified_at
                    else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end
                then 'session_idle'
            when r.requires_two_factor and not s.second_factor_shown then 'two_factor_required'
            -- 134217728: the call takes a session that began otherwise, too.
            when r.required_issuer is not null and not s.client and s.issuer is distinct from r.required_issuer
                and p_required & 134217728 = 0 then 'provider_required'
            -- 671088640: apiClient, and 134217728. 1024: the setting readOnly (Practice.Authorization.Access)
            when (m.settings | case when s.client then 671088640 else 134217728 end) & p_required <> p_required
                or (p_changes and m.settings & 1024 <> 0) then 'not_allowed'
            else 'authorized' end,
        s.user_id, s.session_id,
        -- 268435456: the group has had a webhook (Practice.Authorization.Caller)
        -- 134217728: the session began otherwise than the group requires (Practice.Authorization.Caller)
        coalesce(m.settings, 0) | case when s.client then 536870912 else 0 end
            | case when r.has_had_webhook then 268435456 else 0 end
            | case when r.required_issuer <> coalesce(s.issuer, '') and not s.client then 134217728 else 0 end,
        coalesce(m.location_ids, '{}'),
        -- AuthorizationErrors.VerificationRequired names the 5 minutes.
        s.verified_at > pg_catalog.now() - interval '5 minutes' and not s.client,
        s.verified_at,
        -- The call is a use of the session. Every 30 seconds is often enough.
        u.last_used_at < pg_catalog.now() - interval '30 seconds' or u.counts_from < s.verified_at
    into result, user_id, session_id, settings, location_ids, verified, v_verified, v_note_use
    from authority.sessions s
    left join authority.session_use u on u.session_id = s.session_id
    left join authority.memberships m on m.user_id = s.user_id and m.group_id = p_group and m.active
    left join authority.group_rules r on r.group_id = p_group
    where s.token_hash = p_token and s.expires_at > pg_catalog.now();

    if result is distinct from 'authorized' then
        result := coalesce(result, 'no_session');
        user_id := null;
        session_id := null;
        settings := coalesce(settings, 0) & 536870912;
        location_ids := '{}';
        verified := false;
        return;
    end if;

    -- An expression costs less than a statement. What it gives is of no use.
    v_set := pg_catalog.set_config('app.user_id', user_id::text, true)
        || pg_catalog.set_config('app.group_id', coalesce(p_group::text, ''), true)
        || pg_catalog.set_config('app.group_ids', '', true)
        -- '*' means all locations. An empty setting means none.
        -- 256: the setting restrictToAssignedLocations (Practice.Authorization.Access)
        || pg_catalog.set_config('app.location_ids', case
            when p_group is null then ''
            when settings & 256 <> 0 then location_ids::text
            else '*' end, true)
        || pg_catalog.set_config('app.verified', case when verified then 'on' else '' end, true);

    if p_group is null and settings & 536870912 = 0 then
        perform pg_catalog.set_config('app.group_ids', pg_catalog.array_agg(m.group_id)::text, true)
        from authority.memberships m where m.user_id = authorize.user_id and m.active having count(*) > 0;
    end if;

    if v_note_use then
        -- Nobody waits for whoever writes it now.
        update authority.session_use u set
            counts_from = v_verified,
            last_used_at = greatest(u.last_used_at, pg_catalog.now()),
            longest_pause = case when u.counts_from < v_verified then pg_catalog.now() - v_verified
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
