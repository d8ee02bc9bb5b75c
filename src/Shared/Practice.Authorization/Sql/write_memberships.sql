-- As write_membership, many at once. p_locations has each member's locations as the text of an array.
create or replace function authority.write_memberships(
    p_groups uuid[], p_users uuid[], p_active boolean[], p_settings integer[], p_locations text[]) returns void
language sql security definer set search_path = '' as $$
    insert into authority.memberships
    select member.user_id, member.group_id, member.active, member.settings, member.locations::uuid[]
    from unnest(p_groups, p_users, p_active, p_settings, p_locations)
        as member (group_id, user_id, active, settings, locations)
    on conflict (user_id, group_id) do update
    set active = excluded.active, settings = excluded.settings, location_ids = excluded.location_ids;
    update authority.calendar_feeds f set ended_at = pg_catalog.now()
    from unnest(p_groups, p_users, p_active) as member (group_id, user_id, active)
    where f.user_id = member.user_id and f.group_id = member.group_id and f.ended_at is null and not member.active;
$$;
