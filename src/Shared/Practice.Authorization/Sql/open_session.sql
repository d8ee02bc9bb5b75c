-- A session begins. Expired ones of the same person go.
create or replace function authority.open_session(
    p_token text, p_session uuid, p_user uuid, p_expires timestamptz, p_must_change boolean, p_second_factor boolean) returns void
language sql security definer set search_path = '' as $$
    delete from authority.sessions where user_id = p_user and expires_at < pg_catalog.now();
    insert into authority.sessions values (p_token, p_session, p_user, p_expires, p_must_change, p_second_factor);
$$;
