-- Takes back all that this transaction was told: no rows until a caller is authorized again.
create or replace function authority.act_as_nobody() returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.set_config('app.user_id', '', true),
        pg_catalog.set_config('app.group_id', '', true),
        pg_catalog.set_config('app.group_ids', '', true),
        pg_catalog.set_config('app.location_ids', '', true),
        pg_catalog.set_config('app.account_id', '', true),
        pg_catalog.set_config('app.account_ids', '', true),
        pg_catalog.set_config('app.account_group_ids', '', true),
        pg_catalog.set_config('app.paused_group_ids', '', true),
        pg_catalog.set_config('app.clinical', '', true),
        pg_catalog.set_config('app.email', '', true),
        pg_catalog.set_config('app.verified', '', true);
end $$;
