-- As authorize, for a portal account: one's own, a dependant's, or a granted one, as it stands at p_now.
do $$
declare earlier regprocedure := pg_catalog.to_regprocedure(
    'authority.authorize_portal(text, uuid, boolean, boolean, boolean, timestamptz)');
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
create or replace function authority.authorize_portal(
    p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamptz,
    out result text, out user_id uuid, out session_id uuid, out relation text, out grant_id uuid, out can_edit boolean,
    out clinical boolean, out verified boolean)
language plpgsql security definer set search_path = '' as $$
declare
    v record;
    v_access record;
    v_accounts text := '';
    v_practices uuid[];
    v_paused uuid[];
    v_set text;
begin
    can_edit := false;
    verified := false;
    -- One level, as in authorize.
    select s.user_id, s.session_id, s.must_change_password, s.verified_at, s.client, u.counts_from,
        u.last_used_at < pg_catalog.now() - interval '30 seconds' or u.counts_from < s.verified_at as note_use,
        a.account_id, a.relation, a.grant_id, a.given_by, a.can_edit, a.clinical, a.clinical_ends_at,
        null::uuid[] as practices, a.all_practices_until <= p_now as limited
    into v
    from authority.sessions s
    left join authority.session_use u on u.session_id = s.session_id
    left join authority.portal_access a on a.account_id = p_account and a.user_id = s.user_id and a.active
        and (a.ends_at is null or a.ends_at > p_now)
    where s.token_hash = p_token and s.expires_at > pg_catalog.now()
    order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end limit 1;

    v_access := v;
    if v.limited then
        -- Most accesses open all practices. Others need a look-up, and one that opens none is none.
        select x.account_id, x.relation, x.grant_id, x.given_by, x.can_edit, x.clinical, x.clinical_ends_at, p.practices
        into v_access
        from authority.portal_access x, lateral (select authority.practices_of(x, p_now) as practices offset 0) p
        where x.account_id = p_account and x.user_id = v.user_id and x.active
            and (x.ends_at is null or x.ends_at > p_now) and p.practices is distinct from '{}'::uuid[]
        order by case x.relation when 'self' then 0 when 'guardian' then 1 else 2 end limit 1;
    end if;

    v_practices := v_access.practices;
    -- The age at which clinical access ends is the age of a minor. A practice verifies guardians of adults.
    clinical := coalesce(v_access.clinical
        and (v_practices is not null or v_access.clinical_ends_at is null or v_access.clinical_ends_at > p_now), false);
    result := case
        when v.user_id is null then 'no_session'
        when v.client then 'not_for_clients'
        when v.must_change_password then 'password_change_required'
        when p_account is null then 'authorized'
        when v_access.account_id is null then 'unknown'
        when p_holder and v_access.relation = 'granted' then 'not_the_holder'
        when p_clinical and not clinical then 'clinical_not_granted'
        when p_edit and not v_access.can_edit then 'view_only'
        else 'authorized' end;
    if result = 'unknown' and exists (
        select from authority.portal_access a where a.account_id = p_account and a.user_id = v.user_id) then
        result := 'grant_not_current';
    end if;
    if result <> 'authorized' then
        clinical := false;
        return;
    end if;

    if p_account is null then
        select coalesce(pg_catalog.array_agg(distinct a.account_id)::text, '') into v_accounts
        from authority.portal_access a
        where a.user_id = v.user_id and a.active and (a.ends_at is null or a.ends_at > p_now)
            and (coalesce(a.all_practices_until > p_now, true)
                or authority.practices_of(a, p_now) is distinct from '{}'::uuid[]);
    end if;

    if v_access.relation <> 'self' then
        -- Whoever was given access by a guardian sees no more than they do.
        select pg_catalog.array_agg(p.group_id) into v_paused
        from authority.portal_pauses p
        where p.account_id = p_account and p.user_id in (v.user_id, v_access.given_by);
    end if;

    if v.note_use then
        -- As in authorize.
        update authority.session_use u set
            counts_from = v.verified_at,
            last_used_at = greatest(u.last_used_at, pg_catalog.now()),
            longest_pause = case when u.counts_from < v.verified_at then pg_catalog.now() - v.verified_at
                else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end
        where u.counts_from <= v.verified_at and u.session_id in (
            select x.session_id from authority.session_use x where x.session_id = v.session_id for update skip locked);
    end if;

    user_id := v.user_id;
    session_id := v.session_id;
    relation := v_access.relation;
    grant_id := v_access.grant_id;
    can_edit := coalesce(v_access.can_edit, false);
    verified := v.verified_at > pg_catalog.now() - interval '5 minutes'; -- as in authorize
    -- An expression, as in authorize.
    v_set := pg_catalog.set_config('app.user_id', user_id::text, true)
        || pg_catalog.set_config('app.group_id', '', true)
        || pg_catalog.set_config('app.location_ids', '', true)
        || pg_catalog.set_config('app.account_id', coalesce(p_account::text, ''), true)
        || pg_catalog.set_config('app.account_ids', v_accounts, true)
        || pg_catalog.set_config('app.account_group_ids', case
            when p_account is null then '' else coalesce(v_practices::text, '*') end, true)
        || pg_catalog.set_config('app.paused_group_ids', coalesce(v_paused::text, ''), true)
        || pg_catalog.set_config('app.clinical', case when clinical then 'on' else '' end, true)
        || pg_catalog.set_config('app.verified', case when verified then 'on' else '' end, true);
end $$;
do $$
declare callers text := pg_catalog.current_setting('app.callers', true);
begin
    if callers <> '' then
        execute 'grant execute on function authority.authorize_portal to ' || callers;
        perform pg_catalog.set_config('app.callers', '', true);
    end if;
end $$;
