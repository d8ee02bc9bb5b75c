-- After how many minutes without use a session is not let into the group; null for no limit of its own.
create or replace function authority.write_idle_limit(p_group uuid, p_minutes integer) returns void
language sql security definer set search_path = '' as $$
    insert into authority.group_rules (group_id, requires_two_factor, idle_minutes) values (p_group, false, p_minutes)
    on conflict (group_id) do update set idle_minutes = excluded.idle_minutes;
$$;
