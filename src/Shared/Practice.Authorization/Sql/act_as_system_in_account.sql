-- As act_as_system, for the rows of one portal account.
create or replace function authority.act_as_system_in_account(p_account uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.set_config('app.account_id', p_account::text, true);
    perform pg_catalog.set_config('app.account_group_ids', '*', true);
    perform pg_catalog.set_config('app.paused_group_ids', '', true);
    perform pg_catalog.set_config('app.clinical', 'on', true);
end $$;
