-- The session's temporary password was changed: it may do everything now.
create or replace function authority.password_changed(p_session uuid) returns void
language sql security definer set search_path = '' as $$
    update authority.sessions set must_change_password = false where session_id = p_session;
$$;
