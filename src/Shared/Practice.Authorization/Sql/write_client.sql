-- Sets what an API client may do in its group, and until when. It counts with the very next request. A client that may
-- do nothing more has no tokens.
create or replace function authority.write_client(
    p_client uuid, p_group uuid, p_active boolean, p_settings integer, p_expires timestamptz) returns void
language sql security definer set search_path = '' as $$
    -- First of all: who asks for a token waits for this row.
    insert into authority.clients (client_id, group_id, expires_at) values (p_client, p_group, p_expires)
    on conflict (client_id) do update set expires_at = excluded.expires_at;
    insert into authority.memberships values (p_client, p_group, p_active, p_settings, '{}')
    on conflict (user_id, group_id) do update set active = excluded.active, settings = excluded.settings;
    delete from authority.sessions where user_id = p_client and not p_active;
$$;
