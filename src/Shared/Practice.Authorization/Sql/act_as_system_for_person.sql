-- As act_as_system, for the rows that are one person's own.
create or replace function authority.act_as_system_for_person(p_user uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.set_config('app.user_id', p_user::text, true);
end $$;
