-- Every session of a person ends, but for one.
create or replace function authority.end_sessions_of(p_user uuid, p_except uuid) returns void
language sql security definer set search_path = '' as $$
    delete from authority.sessions where user_id = p_user and session_id is distinct from p_except;
$$;
