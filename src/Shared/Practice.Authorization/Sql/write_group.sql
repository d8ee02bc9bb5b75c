-- Sets the rules of a whole group.
create or replace function authority.write_group(p_group uuid, p_requires_two_factor boolean) returns void
language sql security definer set search_path = '' as $$
    insert into authority.group_rules (group_id, requires_two_factor) values (p_group, p_requires_two_factor)
    on conflict (group_id) do update set requires_two_factor = excluded.requires_two_factor;
$$;
