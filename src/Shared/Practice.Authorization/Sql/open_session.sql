-- A session begins, or gets another access token: then the person has not proved who they are again. Expired ones of the
-- same person go.
create or replace function authority.open_session(
    p_token text, p_session uuid, p_user uuid, p_expires timestamptz, p_must_change boolean, p_second_factor boolean) returns void
language sql security definer set search_path = '' as $$
    insert into authority.sessions (
        token_hash, session_id, user_id, expires_at, must_change_password, second_factor_shown, verified_at)
    values (p_token, p_session, p_user, p_expires, p_must_change, p_second_factor, coalesce(
        (select max(s.verified_at) from authority.sessions s where s.session_id = p_session), pg_catalog.now()));
    insert into authority.session_use (session_id) values (p_session) on conflict do nothing;
    delete from authority.sessions where user_id = p_user and expires_at < pg_catalog.now();
$$;
