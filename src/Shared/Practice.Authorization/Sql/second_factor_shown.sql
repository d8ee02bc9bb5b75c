-- The session has shown a second factor.
create or replace function authority.second_factor_shown(p_session uuid) returns void
language sql security definer set search_path = '' as $$
    update authority.sessions set second_factor_shown = true where session_id = p_session;
$$;
