-- Gives an API client another secret, by its hash. The one before works for another day, and the one before that ends.
-- Answers when the one before ends; null for the first secret.
create or replace function authority.set_client_secret(p_client uuid, p_secret text) returns timestamptz
language sql security definer set search_path = '' as $$
    update authority.clients set
        former_hash = secret_hash,
        former_until = case when secret_hash is not null then pg_catalog.now() + interval '1 day' end,
        secret_hash = p_secret
    where client_id = p_client
    returning former_until;
$$;
