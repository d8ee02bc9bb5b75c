-- Authorizes whoever brings the secret of a member's calendar feed: to read, in its group, what that member may see at
-- this moment. Nobody signs in for it, so neither a second factor nor an unused session counts.
create or replace function authority.authorize_calendar_feed(
    p_token text, p_group uuid,
    out result text, out user_id uuid, out settings integer, out location_ids uuid[])
language plpgsql security definer set search_path = '' as $$
begin
    select case when f.ended_at is null and m.user_id is not null then 'authorized' else 'feed_ended' end, f.user_id,
        -- 2: the setting othersCalendars. 1024: the setting readOnly (Practice.Authorization.Access)
        m.settings & ~case when f.own_only then 2 else 0 end | 1024, m.location_ids
    into result, user_id, settings, location_ids
    from authority.calendar_feeds f
    left join authority.memberships m on m.user_id = f.user_id and m.group_id = f.group_id and m.active
    where f.token_hash = p_token and f.group_id = p_group;

    if result is distinct from 'authorized' then
        result := coalesce(result, 'unknown');
        user_id := null;
        settings := 0;
        location_ids := '{}';
        return;
    end if;
    perform pg_catalog.set_config('app.user_id', user_id::text, true),
        pg_catalog.set_config('app.group_id', p_group::text, true),
        pg_catalog.set_config('app.group_ids', '', true),
        -- As in authorize.
        pg_catalog.set_config('app.location_ids', case
            when settings & 256 <> 0 then location_ids::text else '*' end, true),
        pg_catalog.set_config('app.verified', '', true);
end $$;
