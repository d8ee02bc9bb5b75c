-- Keeps the transaction from changing anything from here on.
create or replace function authority.only_read() returns text language sql volatile as
    $$ select pg_catalog.set_config('transaction_read_only', 'on', true) $$;
