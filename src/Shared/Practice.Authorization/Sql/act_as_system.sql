-- Shows and takes the rows of one group, for the system: handlers of messages, and slices whose caller is not a member yet.
create or replace function authority.act_as_system(p_group uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.set_config('app.group_id', p_group::text, true);
    perform pg_catalog.set_config('app.location_ids', '*', true);
end $$;
