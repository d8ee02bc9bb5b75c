-- Of these API clients, as far as they are the authorized group's: when they last got a token, and until when the
-- secret before the present one works.
create or replace function authority.client_facts(p_clients uuid[])
returns table (client_id uuid, last_token_at timestamptz, former_until timestamptz)
language sql stable security definer set search_path = '' as $$
    select c.client_id, c.last_token_at, case when c.former_until > pg_catalog.now() then c.former_until end
    from authority.clients c
    where c.client_id = any (p_clients)
        and c.group_id = nullif(pg_catalog.current_setting('app.group_id', true), '')::uuid;
$$;
