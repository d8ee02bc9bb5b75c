-- As act_as_system, for what waits until an email address is confirmed.
create or replace function authority.act_as_system_for_address(p_email text) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.set_config('app.email', p_email, true);
end $$;
