-- A session ends, with its very next request.
create or replace function authority.end_session(p_session uuid) returns void
language sql security definer set search_path = '' as $$
    delete from authority.sessions where session_id = p_session;
$$;
