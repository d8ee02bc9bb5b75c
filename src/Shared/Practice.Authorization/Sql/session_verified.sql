-- The person has proved who they are in this session: at p_at, or just now.
create or replace function authority.session_verified(p_session uuid, p_at timestamptz) returns void
language sql security definer set search_path = '' as $$
    update authority.sessions set verified_at = coalesce(p_at, pg_catalog.now()) where session_id = p_session;
$$;
