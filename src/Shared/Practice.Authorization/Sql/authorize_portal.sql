-- As authorize, for a portal account: one's own, a dependant's, or a granted one, as it stands at p_now.
create or replace function authority.authorize_portal(
    p_token text, p_account uuid, p_edit boolean, p_clinical boolean, p_holder boolean, p_now timestamptz)
returns table (result text, user_id uuid, session_id uuid, relation text, grant_id uuid, can_edit boolean, clinical boolean)
language plpgsql security definer set search_path = '' as $$
declare
    v_session record;
    v_access authority.portal_access;
    v_clinical boolean;
    v_result text := 'authorized';
    v_accounts uuid[];
    v_practices uuid[];
begin
    select s.user_id, s.session_id, s.must_change_password, s.verified_at, u.counts_from, u.last_used_at into v_session
    from authority.sessions s left join authority.session_use u on u.session_id = s.session_id
    where s.token_hash = p_token and s.expires_at > pg_catalog.now();
    if not found then
        v_result := 'no_session';
    elsif v_session.must_change_password then
        v_result := 'password_change_required';
    elsif p_account is null then
        select pg_catalog.array_agg(distinct a.account_id) into v_accounts from authority.portal_access a
        where a.user_id = v_session.user_id and a.active and (a.ends_at is null or a.ends_at > p_now)
            and authority.practices_of(a, p_now) is distinct from '{}'::uuid[];
    else
        select a.* into v_access from authority.portal_access a
        where a.account_id = p_account and a.user_id = v_session.user_id and a.active and (a.ends_at is null or a.ends_at > p_now)
            and authority.practices_of(a, p_now) is distinct from '{}'::uuid[]
        order by case a.relation when 'self' then 0 when 'guardian' then 1 else 2 end limit 1;
        if not found then
            v_result := case when exists (select from authority.portal_access a
                where a.account_id = p_account and a.user_id = v_session.user_id) then 'grant_not_current' else 'unknown' end;
        else
            v_practices := authority.practices_of(v_access, p_now);
            -- The age at which clinical access ends is the age of a minor. A practice verifies guardians of adults.
            v_clinical := v_access.clinical
                and (v_practices is not null or v_access.clinical_ends_at is null or v_access.clinical_ends_at > p_now);
            v_result := case
                when p_holder and v_access.relation = 'granted' then 'not_the_holder'
                when p_clinical and not v_clinical then 'clinical_not_granted'
                when p_edit and not v_access.can_edit then 'view_only'
                else 'authorized' end;
        end if;
    end if;
    if v_result <> 'authorized' then
        return query select v_result, null::uuid, null::uuid, null::text, null::uuid, false, false;
        return;
    end if;

    -- As in authorize.
    if v_session.last_used_at < pg_catalog.now() - interval '30 seconds' or v_session.counts_from < v_session.verified_at then
        update authority.session_use u set
            counts_from = v_session.verified_at,
            last_used_at = greatest(u.last_used_at, pg_catalog.now()),
            longest_pause = case when u.counts_from < v_session.verified_at then pg_catalog.now() - v_session.verified_at
                else greatest(u.longest_pause, pg_catalog.now() - u.last_used_at) end
        where u.counts_from <= v_session.verified_at and u.session_id in (
            select x.session_id from authority.session_use x where x.session_id = v_session.session_id for update skip locked);
    end if;

    perform pg_catalog.set_config('app.user_id', v_session.user_id::text, true);
    perform pg_catalog.set_config('app.group_id', '', true);
    perform pg_catalog.set_config('app.location_ids', '', true);
    perform pg_catalog.set_config('app.account_id', coalesce(p_account::text, ''), true);
    perform pg_catalog.set_config('app.account_ids', coalesce(v_accounts::text, ''), true);
    perform pg_catalog.set_config('app.account_group_ids', case
        when p_account is null then '' else coalesce(v_practices::text, '*') end, true);
    perform pg_catalog.set_config('app.clinical', case when v_clinical then 'on' else '' end, true);
    -- As in authorize.
    perform pg_catalog.set_config('app.verified',
        case when v_session.verified_at > pg_catalog.now() - interval '5 minutes' then 'on' else '' end, true);
    return query select 'authorized', v_session.user_id, v_session.session_id, v_access.relation, v_access.grant_id,
        coalesce(v_access.can_edit, false), coalesce(v_clinical, false);
end $$;
