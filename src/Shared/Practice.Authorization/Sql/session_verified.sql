-- The person has proved who they are in this session: at p_at, or just now.
create or replace function authority.session_verified(p_session uuid, p_at timestamptz) returns void
language sql security definer set search_path = '' as $$
    -- A session that was not used yet and begins unproven, as with an identity provider, is not idle since then. Nobody
    -- waits for whoever writes the row now.
    update authority.session_use u set counts_from = p_at
    where p_at is not null and u.session_id in (
        select x.session_id from authority.session_use x
        where x.session_id = p_session and x.counts_from = '-infinity' for update skip locked);
    update authority.sessions set verified_at = coalesce(p_at, pg_catalog.now()) where session_id = p_session;
$$;
