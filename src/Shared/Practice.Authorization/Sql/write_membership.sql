-- Sets what a member may do in a group. It counts with the very next request. A calendar feed ends with the membership,
-- and does not come back with it. Hosts of release 0.1.0 call it, beside which this one may run; this one calls
-- write_memberships.
create or replace function authority.write_membership(p_group uuid, p_user uuid, p_active boolean, p_settings integer, p_locations uuid[]) returns void
language sql security definer set search_path = '' as $$
    insert into authority.memberships values (p_user, p_group, p_active, p_settings, p_locations)
    on conflict (user_id, group_id) do update
    set active = excluded.active, settings = excluded.settings, location_ids = excluded.location_ids;
    update authority.calendar_feeds set ended_at = pg_catalog.now()
    where user_id = p_user and group_id = p_group and ended_at is null and not p_active;
$$;
