-- The session began with a sign-in at this issuer; null takes that back.
create or replace function authority.session_began_with(p_session uuid, p_issuer text) returns void
language sql security definer set search_path = '' as $$
    update authority.sessions set issuer = p_issuer where session_id = p_session;
$$;
