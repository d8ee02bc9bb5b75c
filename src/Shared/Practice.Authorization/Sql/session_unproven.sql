-- A session begins without a proof of who the person is, as with an identity provider: it counts as proved at p_at, and is
-- not idle for that. Only at its beginning: later this would hide a pause.
create or replace function authority.session_unproven(p_session uuid, p_at timestamptz) returns void
language sql security definer set search_path = '' as $$
    update authority.session_use set counts_from = p_at where session_id = p_session;
    update authority.sessions set verified_at = p_at where session_id = p_session;
$$;
