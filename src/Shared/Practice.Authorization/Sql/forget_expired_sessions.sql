-- Deletes sessions that are over.
create or replace function authority.forget_expired_sessions() returns void
language sql security definer set search_path = '' as $$
    delete from authority.sessions where expires_at < pg_catalog.now();
$$;
